package guardvet

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/edits"
	"github.com/mmapguard/go/tools/guardvet/internal/lent"
	"github.com/mmapguard/go/tools/guardvet/internal/lifetime"
)

// UseAfterClose reports uses of bytes whose mapping is closed.
var UseAfterClose = withIgnores(&analysis.Analyzer{
	Name: "useafterclose",
	Doc: `mapped bytes used after their mapping was closed

A slice from Bytes, or a mapping that is a slice itself, is good until Close or
Unmap. A use after that faults as long as the range is in quarantine, and shows
the bytes of whatever is mapped there later. Returning the bytes from a function
that defers the Close is such a use.`,
	Requires: []*analysis.Analyzer{lent.Analyzer},
	Run: overFunctions(func(pass *analysis.Pass, r *lent.Result, fn *ssa.Function) {
		for _, use := range lifetime.Stale(r.Package, fn) {
			message := "mapped bytes are used after their mapping was closed"
			if use.Deferred {
				message = "mapped bytes are returned, and a deferred call closes their mapping: copy them"
			}
			pass.Report(analysis.Diagnostic{Pos: use.Pos, Category: pass.Analyzer.Name, Message: message})
		}
	}),
})

// NeverClosed reports mappings that stay open.
var NeverClosed = withIgnores(&analysis.Analyzer{
	Name: "neverclosed",
	Doc: `mappings that are not closed on every path

A mapping that is opened and forgotten keeps its lock or lease, its descriptor
and its address space until the collector finds it, and for ever if its bytes
were taken as a slice. Reported is one that the function neither closes, on some
path after the opening succeeded, nor hands to anything else. Function main is
left out: the mappings of a process end with it.`,
	Requires: []*analysis.Analyzer{lent.Analyzer},
	Run: overFunctions(func(pass *analysis.Pass, _ *lent.Result, fn *ssa.Function) {
		for _, leak := range lifetime.Unclosed(fn) {
			d := analysis.Diagnostic{Pos: leak.Open.Pos(), Category: pass.Analyzer.Name}
			if leak.Return == nil {
				d.Message = "the mapping is never closed"
				d.SuggestedFixes = edits.At(pass, d.Pos).DeferClose()
			} else {
				d.Message = fmt.Sprintf("the mapping is not closed on the path to the return at line %d",
					pass.Fset.Position(end(leak.Return)).Line)
			}
			pass.Report(d)
		}
	}),
})
