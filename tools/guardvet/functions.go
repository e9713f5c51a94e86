package guardvet

import (
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/lent"
)

// overFunctions looks at each function of the source.
func overFunctions(look func(*analysis.Pass, *lent.Result, *ssa.Function)) func(*analysis.Pass) (any, error) {
	return func(pass *analysis.Pass) (any, error) {
		r, err := lent.Of(pass)
		if err != nil {
			return nil, err
		}
		for _, fn := range r.Functions {
			look(pass, r, fn)
		}
		return nil, nil
	}
}

// end is where a function is left; one without results has no statement for it.
func end(r *ssa.Return) token.Pos {
	if r.Pos().IsValid() {
		return r.Pos()
	}
	if syntax := r.Parent().Syntax(); syntax != nil {
		return syntax.End() - 1
	}
	return r.Parent().Pos()
}
