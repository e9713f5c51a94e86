package guardvet

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/mmapguard/go/tools/guardvet/internal/edits"
	"github.com/mmapguard/go/tools/guardvet/internal/flow"
	"github.com/mmapguard/go/tools/guardvet/internal/lent"
)

// LentSend reports element sends, in callbacks and on plain slices.
var LentSend = withIgnores(&analysis.Analyzer{
	Name: "lentsend",
	Doc: `channel sends straight from mapped memory

In ch <- b[i] the runtime copies the element from the mapping into the channel. A
fault in the runtime ends the program, within View as anywhere else, and also
under debug.SetPanicOnFault. With v := b[i] before, and ch <- v, the fault is in
the program's own code.`,
	Requires: []*analysis.Analyzer{lent.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		r, err := lent.Of(pass)
		if err != nil {
			return nil, err
		}
		report(pass, flow.Straight, "a mapped element is %s: a fault in the runtime ends the program; copy it to a variable first",
			append(r.Callbacks[:len(r.Callbacks):len(r.Callbacks)], r.Plain...))
		return nil, nil
	},
})

// report reports the events of a kind, each place once.
func report(pass *analysis.Pass, kind flow.Kind, format string, traces []*flow.Trace) {
	seen := map[token.Pos]bool{}
	for _, t := range traces {
		for _, e := range t.Events() {
			if e.Kind != kind || seen[e.Pos] {
				continue
			}
			seen[e.Pos] = true
			pass.Report(analysis.Diagnostic{
				Pos: e.Pos, Category: pass.Analyzer.Name,
				Message:        fmt.Sprintf(format, e.How),
				SuggestedFixes: fix(pass, kind, e),
			})
		}
	}
}

// fix suggests a fix where one is certainly right.
func fix(pass *analysis.Pass, kind flow.Kind, e flow.Event) []analysis.SuggestedFix {
	at := edits.At(pass, e.Pos)
	switch {
	case e.Value == nil: // it happens in a function that is called
		return nil
	case kind == flow.Escape:
		return at.Clone()
	case kind == flow.UnsafeString:
		return at.SafeString()
	case kind == flow.Straight:
		return at.Variable()
	}
	return nil
}
