package filter

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"

	"github.com/mmapguard/go/tools/internal/trace/abi"
)

// checker looks for names that nothing in a trace can have.
type checker struct {
	table *abi.Table
	text  string
	local map[string]bool // what the condition itself has named
	err   error
}

func check(t *abi.Table, text string, node ast.Node) error {
	c := &checker{table: t, text: text, local: map[string]bool{}}
	ast.Walk(&node, namer{c})
	ast.Walk(&node, c)
	return c.err
}

// namer collects what "let" names.
type namer struct{ *checker }

func (n namer) Visit(node *ast.Node) {
	if let, ok := (*node).(*ast.VariableDeclaratorNode); ok {
		n.local[let.Name] = true
	}
}

// Visit is called for every part of a condition; the first mistake counts.
func (c *checker) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		if !c.local[n.Value] && !slices.Contains(factNames, n.Value) && !slices.Contains(builtin.Names, n.Value) {
			c.fail(n, "name", n.Value, append(slices.Clone(factNames), builtin.Names...))
		}
	case *ast.BinaryNode:
		c.compared(n.Left, n.Right)
		c.compared(n.Right, n.Left)
	case *ast.MemberNode:
		c.member(n)
	}
}

func (c *checker) fail(n ast.Node, what, word string, known []string) {
	if c.err == nil {
		c.err = &Error{c.text, byteOffset(c.text, n.Location().From),
			fmt.Sprintf("unknown %s %q%s", what, word, suggest(word, known, ""))}
	}
}

// compared checks the words that a fact is compared with.
func (c *checker) compared(fact, with ast.Node) {
	name, ok := fact.(*ast.IdentifierNode)
	if !ok {
		return
	}
	what, known := c.vocabulary(name.Value)
	if known == nil {
		return
	}
	words := []ast.Node{with}
	if list, ok := with.(*ast.ArrayNode); ok {
		words = list.Nodes
	}
	for _, w := range words {
		if text, ok := w.(*ast.StringNode); ok && text.Value != "" && !slices.Contains(known, text.Value) {
			c.fail(text, what, text.Value, known)
		}
	}
}

// vocabulary lists the words that a fact can be.
func (c *checker) vocabulary(fact string) (what string, known []string) {
	switch fact {
	case "syscall":
		return "system call", c.table.Names()
	case "flags", "answer":
		return "flag", c.table.Constants()
	case "errno":
		return "error", c.table.Members("errno")
	}
	return "", nil
}

// member checks "args.NAME" and "args[NAME]".
func (c *checker) member(n *ast.MemberNode) {
	of, ok := n.Node.(*ast.IdentifierNode)
	name, text := n.Property.(*ast.StringNode)
	if ok && text && of.Value == "args" && !slices.Contains(c.parameters(), name.Value) {
		c.fail(name, "argument", name.Value, c.parameters())
	}
}

func (c *checker) parameters() []string {
	var list []string
	for _, call := range c.table.Names() {
		for _, p := range abi.Params(call) {
			list = append(list, p.Name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
