package filter

import (
	"errors"
	"fmt"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"github.com/mmapguard/go/tools/internal/trace/abi"
)

// Condition is a compiled condition.
type Condition struct {
	text    string
	program *vm.Program
	calls   Set // all that can meet it; nil means any
}

// ParseCondition compiles a condition and checks its names.
func ParseCondition(t *abi.Table, text string) (*Condition, error) {
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, located(text, err)
	}
	if err := check(t, text, tree.Node); err != nil {
		return nil, err
	}
	program, err := expr.Compile(text, expr.Env(Facts{}), expr.AsBool())
	if err != nil {
		return nil, located(text, err)
	}
	calls, _ := candidates(tree.Node)
	return &Condition{text, program, calls}, nil
}

// located gives an error of the language the form of those of this package.
func located(text string, err error) error {
	var at *file.Error
	if errors.As(err, &at) {
		return &Error{text, byteOffset(text, at.From), at.Message}
	}
	return fmt.Errorf("%q: %w", text, err)
}

// byteOffset turns a count of characters into one of bytes.
func byteOffset(text string, characters int) int {
	for i := range text {
		if characters == 0 {
			return i
		}
		characters--
	}
	return len(text)
}

// Calls are the system calls that can meet the condition; false means that any
// can.
func (c *Condition) Calls() (Set, bool) { return c.calls, c.calls != nil }

// String is the text of the condition.
func (c *Condition) String() string { return c.text }

// Holds tells whether a call meets the condition.
func (c *Condition) Holds(f *Facts) (bool, error) {
	result, err := expr.Run(c.program, *f)
	if err != nil {
		return false, fmt.Errorf("%q: %w", c.text, err)
	}
	holds, ok := result.(bool)
	if !ok {
		return false, fmt.Errorf("%q is neither true nor false", c.text)
	}
	return holds, nil
}

// candidates finds the calls without which a part of a condition cannot be true,
// as far as that can be read off it.
func candidates(node ast.Node) (Set, bool) {
	binary, ok := node.(*ast.BinaryNode)
	if !ok {
		return nil, false
	}
	switch binary.Operator {
	case "==", "in":
		return literals(binary)
	case "&&", "and":
		return both(candidates(binary.Left))(candidates(binary.Right))
	case "||", "or":
		return either(candidates(binary.Left))(candidates(binary.Right))
	}
	return nil, false
}

// literals reads "syscall == NAME" and "syscall in [NAME, …]".
func literals(binary *ast.BinaryNode) (Set, bool) {
	if name, ok := binary.Left.(*ast.IdentifierNode); !ok || name.Value != "syscall" {
		return nil, false
	}
	nodes := []ast.Node{binary.Right}
	if list, ok := binary.Right.(*ast.ArrayNode); ok {
		nodes = list.Nodes
	}
	set := Set{}
	for _, n := range nodes {
		text, ok := n.(*ast.StringNode)
		if !ok {
			return nil, false
		}
		set[text.Value] = true
	}
	return set, true
}

func both(a Set, knowA bool) func(Set, bool) (Set, bool) {
	return func(b Set, knowB bool) (Set, bool) {
		if !knowA {
			return b, knowB
		}
		if !knowB {
			return a, true
		}
		set := Set{}
		for name := range a {
			if b[name] {
				set[name] = true
			}
		}
		return set, true
	}
}

func either(a Set, knowA bool) func(Set, bool) (Set, bool) {
	return func(b Set, knowB bool) (Set, bool) {
		if !knowA || !knowB {
			return nil, false
		}
		set := Set{}
		for _, part := range []Set{a, b} {
			for name := range part {
				set[name] = true
			}
		}
		return set, true
	}
}
