package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/mmapguard/go/tools/internal/assure/repo"
)

var now = time.Now

// Status is what became of a piece of evidence.
type Status string

// The statuses.
const (
	Passed    Status = "passed"
	Failed    Status = "failed"
	Hung      Status = "hung"      // it did not end in time
	Skipped   Status = "skipped"   // though it should run here
	Elsewhere Status = "elsewhere" // it means something on other systems or machines alone
	Missing   Status = "missing"   // it did not run, because it is not there
)

// Outcome is the status of a piece of evidence, and what was seen.
type Outcome struct {
	Status  Status `json:"status"`
	Detail  string `json:"detail,omitempty"`
	Retried bool   `json:"retried,omitempty"` // it failed in company, and passed alone
}

// State is what a countermeasure or a claim is worth.
type State string

// The states.
const (
	Proven      State = "proven"       // its evidence passes, and fails without it
	Unsupported State = "unsupported"  // it does not
	NotHere     State = "not run here" // it means something elsewhere alone
	Unknown     State = "not verified" // nobody has looked
)

// Verdicts are the result of a verification, on one platform.
type Verdicts struct {
	Schema   string            `json:"schema"`
	Commit   string            `json:"commit"`
	Modified bool              `json:"modified"` // the working copy is not that commit
	Platform Machine           `json:"platform"`
	Tools    map[string]string `json:"tools"`

	Countermeasures []CountermeasureVerdict `json:"countermeasures"`
	Rest            []EvidenceVerdict       `json:"rest,omitempty"` // evidence of registers and the like
	Summary         Summary                 `json:"summary"`
}

// CountermeasureVerdict is that on a countermeasure.
type CountermeasureVerdict struct {
	ID       string            `json:"id"`
	State    State             `json:"state"`
	Evidence []EvidenceVerdict `json:"evidence"`
	Mutants  []MutantVerdict   `json:"mutants"`
	Problems []string          `json:"problems,omitempty"`
}

// EvidenceVerdict is that on a piece of evidence.
type EvidenceVerdict struct {
	Ref        string   `json:"ref"`
	Status     Status   `json:"status"`
	Detail     string   `json:"detail,omitempty"`
	Retried    bool     `json:"retried,omitempty"`
	Supporting bool     `json:"supporting,omitempty"`
	KilledBy   []string `json:"killedBy,omitempty"` // the mutants under which it fails
}

// MutantVerdict is that on a mutant.
type MutantVerdict struct {
	Name     string   `json:"name"`
	KilledBy []string `json:"killedBy,omitempty"` // the evidence that fails
	Problem  string   `json:"problem,omitempty"`
}

// Summary counts.
type Summary struct {
	Countermeasures int `json:"countermeasures"`
	Proven          int `json:"proven"`
	NotHere         int `json:"notRunHere"`
	Unsupported     int `json:"unsupported"`
	MutantsKilled   int `json:"mutantsKilled"`
	Mutants         int `json:"mutants"`
	EvidencePassed  int `json:"evidencePassed"`
	Evidence        int `json:"evidence"`
}

// VerdictSchema names the form of the verdicts.
const VerdictSchema = "mmapguard-assure-verdicts/1"

func newVerdicts(ctx context.Context, t *repo.Tree, m Machine) *Verdicts {
	v := &Verdicts{Schema: VerdictSchema, Platform: m, Tools: toolVersions()}
	v.Commit = git(ctx, t, "rev-parse", "HEAD")
	v.Modified = git(ctx, t, "status", "--porcelain", "--untracked-files=no") != ""
	return v
}

// git asks about the working copy; without an answer there is none.
func git(ctx context.Context, t *repo.Tree, args ...string) string {
	out, err := exec.CommandContext(ctx, "git", append([]string{"-C", t.Root}, args...)...).Output() // #nosec G204 -- the arguments are those above
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// toolVersions are the compiler's and those of the modules that this program
// works with.
func toolVersions() map[string]string {
	versions := map[string]string{"go": runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if !strings.HasPrefix(m.Path, repo.Own) {
				versions[m.Path] = m.Version
			}
		}
	}
	return versions
}

func (v *Verdicts) sum() {
	s := Summary{Countermeasures: len(v.Countermeasures)}
	killed := map[string]bool{}
	passed := map[string]bool{}
	for _, c := range v.Countermeasures {
		switch c.State {
		case Proven:
			s.Proven++
		case NotHere:
			s.NotHere++
		case Unsupported, Unknown:
			s.Unsupported++
		}
		for _, m := range c.Mutants {
			killed[m.Name] = killed[m.Name] || len(m.KilledBy) > 0
		}
		for _, e := range c.Evidence {
			passed[e.Ref] = e.Status == Passed
		}
	}
	for _, e := range v.Rest {
		passed[e.Ref] = e.Status == Passed
	}
	s.Mutants, s.MutantsKilled = len(killed), count(killed)
	s.Evidence, s.EvidencePassed = len(passed), count(passed)
	v.Summary = s
}

func count(set map[string]bool) (n int) {
	for _, is := range set {
		if is {
			n++
		}
	}
	return n
}

// Problems lists everything that has to be put right.
func (v *Verdicts) Problems() (problems []string) {
	for _, c := range v.Countermeasures {
		problems = append(problems, c.Problems...)
	}
	for _, e := range v.Rest {
		switch e.Status {
		case Failed, Hung, Skipped, Missing:
			problems = append(problems, fmt.Sprintf("%s, which the registers cite, is %s: %s", e.Ref, e.Status, e.Detail))
		case Passed, Elsewhere:
		}
	}
	return problems
}

// Write writes the verdicts to a file.
func (v *Verdicts) Write(name string) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { // #nosec G301 -- others may read what is published
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o644) // #nosec G306 -- as above
}

// ReadVerdicts reads them back.
func ReadVerdicts(name string) (*Verdicts, error) {
	text, err := os.ReadFile(name) // #nosec G304 -- the file that the caller names
	if err != nil {
		return nil, err
	}
	v := &Verdicts{}
	if err := json.Unmarshal(text, v); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if v.Schema != VerdictSchema {
		return nil, fmt.Errorf("%s holds %q, want %q: write it again by assure verify", name, v.Schema, VerdictSchema)
	}
	return v, nil
}
