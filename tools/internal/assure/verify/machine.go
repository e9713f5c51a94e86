package verify

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/mmapguard/go/mmapguard"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// Machine is what evidence ran on: an outcome is worth no more than that.
type Machine struct {
	OS   string `json:"os"`   // GOOS
	Arch string `json:"arch"` // GOARCH
	Go   string `json:"go"`   // the release that compiles
	// Facts are what the machine has that not every machine has, in the directory
	// for temporary files: "root" or "user", and the mechanisms that can be had.
	Facts []string `json:"facts"`
}

// Look finds out about this machine, or about the one that GOOS and GOARCH
// name, of which nothing else is known.
func Look(ctx context.Context, t *repo.Tree) (Machine, error) {
	plain := &repo.Tree{Root: t.Root} // go env knows of no overlay
	out, err := plain.Go(ctx, os.Getenv("GOOS"), "env", "GOOS", "GOARCH", "GOVERSION")
	if err != nil {
		return Machine{}, err
	}
	words := strings.Fields(string(out))
	m := Machine{OS: words[0], Arch: words[1], Go: words[2], Facts: []string{}}
	if m.OS != runtime.GOOS {
		return m, nil
	}
	who := "user"
	if os.Geteuid() == 0 {
		who = "root"
	}
	m.Facts = append(m.Facts, who)
	mechanisms, err := offered()
	m.Facts = append(m.Facts, mechanisms...)
	slices.Sort(m.Facts)
	return m, err
}

// offered asks the library which mechanisms a file in the directory for
// temporary files can have.
func offered() (names []string, err error) {
	dir, err := os.MkdirTemp("", "assure-facts-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "probe")
	if err := os.WriteFile(file, []byte("probe"), 0o600); err != nil {
		return nil, err
	}
	for _, rung := range mmapguard.Ladder() {
		d, err := mmapguard.MapFile(file, mmapguard.WithGuarantee(rung.Guarantee), mmapguard.WithMechanisms(rung.Mechanism))
		if err != nil {
			continue // that is the answer
		}
		names = append(names, rung.Mechanism.String())
		if err := d.Close(); err != nil {
			return nil, err
		}
	}
	return slices.Compact(names), nil
}

// lacks says what the machine lacks of what evidence needs, or nothing. Some
// evidence needs that a fact is not there: "no-reflink", because some failures
// cannot be provoked where clones exist.
func (m Machine) lacks(e model.Evidence) string {
	var missing []string
	for _, need := range e.Needs {
		fact, absent := strings.CutPrefix(need, "no-")
		if slices.Contains(m.Facts, fact) == absent {
			missing = append(missing, need)
		}
	}
	if missing == nil {
		return ""
	}
	return "this machine lacks " + strings.Join(missing, ", ")
}
