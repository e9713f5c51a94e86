// Command sites lists the calls that guardvet's analyzers begin with: those that
// map a file, take the bytes of a mapping, or lend them. The corpus counts them,
// so that a small number of reports can be told from a small number of mappings.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/mmapguard/go/tools/guardvet/internal/lent"
	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

func main() {
	singlechecker.Main(&analysis.Analyzer{
		Name: "sites", Doc: "list calls that map files", Run: run,
		Requires: []*analysis.Analyzer{lent.Analyzer, buildssa.Analyzer},
	})
}

func run(pass *analysis.Pass) (any, error) {
	r, err := lent.Of(pass)
	if err != nil {
		return nil, err
	}
	for _, fn := range r.Functions {
		for c := range lent.Calls(fn) {
			if common := c.Common(); mapping.Opens(common) != nil || mapping.Taken(common) != nil || mapping.Lends(common) {
				pass.Reportf(c.Pos(), "%s", mapping.Callee(common))
			}
		}
	}
	return nil, nil
}
