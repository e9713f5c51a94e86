package guardvet

import (
	"golang.org/x/tools/go/analysis"

	"github.com/mmapguard/go/tools/guardvet/internal/lent"
)

// LentLock reports locks that a fault would leave locked.
var LentLock = withIgnores(&analysis.Analyzer{
	Name: "lentlock",
	Doc: `locks that a fault in lent bytes leaves locked

A fault ends the callback where it is. A sync.Mutex or sync.RWMutex that was
locked then stays locked, unless a deferred call unlocks it. Reported is one that
outlives the callback and is held while the lent bytes are read.`,
	Requires: []*analysis.Analyzer{lent.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		r, err := lent.Of(pass)
		if err != nil {
			return nil, err
		}
		for _, t := range r.Callbacks {
			for _, e := range t.Locks() {
				pass.Report(analysis.Diagnostic{
					Pos: e.Pos, Category: pass.Analyzer.Name,
					Message: "lock " + e.How + " stays locked if the lent bytes cannot be read: unlock it by defer",
				})
			}
		}
		return nil, nil
	},
})
