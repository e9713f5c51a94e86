// Package lent finds the functions that are lent mapped bytes, and follows the
// bytes in them. Its analyzer reports nothing: those that do share its result.
package lent

import (
	"fmt"
	"iter"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/flow"
	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

// Analyzer computes a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "lent",
	Doc:        "follow mapped bytes through functions",
	Run:        run,
	Requires:   []*analysis.Analyzer{buildssa.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
}

// A Result is what is known about the mapped bytes in a package.
type Result struct {
	// Package answers questions about further values.
	Package *flow.Package
	// Functions are those of the source, closures included.
	Functions []*ssa.Function
	// Callbacks are the functions that View and ViewRange call.
	Callbacks []*flow.Trace
	// Plain are the functions that hold mapped bytes as a plain slice.
	Plain []*flow.Trace
}

// Of is the result that a pass has at hand.
func Of(pass *analysis.Pass) (*Result, error) {
	r, ok := pass.ResultOf[Analyzer].(*Result)
	if !ok {
		return nil, fmt.Errorf("%s: no result of analyzer %s", pass.Pkg.Path(), Analyzer.Name)
	}
	return r, nil
}

func run(pass *analysis.Pass) (any, error) {
	built, ok := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	if !ok {
		return nil, fmt.Errorf("%s: no intermediate form", pass.Pkg.Path())
	}
	r := &Result{Package: flow.New(built.Pkg, pass.Files), Functions: built.SrcFuncs}
	callbacks := map[*ssa.Function]bool{}
	for _, fn := range built.SrcFuncs {
		var plain []ssa.Value
		for c := range Calls(fn) {
			if mapping.Lends(c.Common()) {
				r.callback(c.Common(), callbacks)
			}
			if v := slice(c); v != nil {
				plain = append(plain, v)
			}
		}
		if plain != nil {
			r.Plain = append(r.Plain, r.Package.Of(fn, plain...))
		}
	}
	return r, nil
}

// Calls are the calls that a function makes, the deferred ones included.
func Calls(fn *ssa.Function) iter.Seq[ssa.CallInstruction] {
	return func(yield func(ssa.CallInstruction) bool) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if c, ok := instr.(ssa.CallInstruction); ok && !yield(c) {
					return
				}
			}
		}
	}
}

// slice is the value of a call that returns mapped bytes.
func slice(c ssa.CallInstruction) ssa.Value {
	call, ok := c.(*ssa.Call)
	if !ok {
		return nil
	}
	if mapping.Taken(&call.Call) != nil {
		return call
	}
	if s := mapping.Opens(&call.Call); s != nil && s.Slice() {
		return First(call)
	}
	return nil
}

// First is the first result of a call with several, or nil if it is dropped.
func First(call *ssa.Call) ssa.Value {
	for _, r := range *call.Referrers() {
		if e, ok := r.(*ssa.Extract); ok && e.Index == 0 {
			return e
		}
	}
	return nil
}

// callback follows the bytes in the function that a call lends them to, once.
func (r *Result) callback(c *ssa.CallCommon, seen map[*ssa.Function]bool) {
	fn := function(c.Args[len(c.Args)-1], map[ssa.Value]bool{})
	if fn == nil || fn.Blocks == nil || seen[fn] || len(fn.Params) == 0 {
		return
	}
	seen[fn] = true
	// A method used as a value has its receiver first; the bytes come last.
	r.Callbacks = append(r.Callbacks, r.Package.Of(fn, fn.Params[len(fn.Params)-1]))
}
