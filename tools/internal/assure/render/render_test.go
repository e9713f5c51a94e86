package render

import (
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mmapguard/go/tools/internal/assure/check"
	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
	"github.com/mmapguard/go/tools/internal/assure/verify"
)

// book is this repository's case, with all countermeasures proven but those of
// the given states.
func book(t *testing.T, states map[string]verify.State) *Book {
	t.Helper()
	tree, err := repo.Open(".")
	if err != nil {
		t.Fatal(err)
	}
	s, form, err := check.Read(tree, time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || len(form) > 0 {
		t.Fatal(err, form)
	}
	v := &verify.Verdicts{Rest: []verify.EvidenceVerdict{{Ref: "check:fuzz", Status: verify.Failed}}, Commit: "abc", Platform: verify.Machine{OS: "linux", Arch: "amd64", Go: "go1.26"}}
	for _, cm := range s.Case.Countermeasures {
		state, ok := states[cm.ID]
		if !ok {
			state = verify.Proven
		}
		cv := verify.CountermeasureVerdict{ID: cm.ID, State: state}
		for _, r := range cm.Evidence {
			if e, err := r.Evidence(); err == nil {
				cv.Evidence = append(cv.Evidence, verify.EvidenceVerdict{Ref: e.Key(), Status: verify.Passed, KilledBy: []string{cm.Mutants[0].Text}})
			}
		}
		if state == verify.Unsupported {
			cv.Problems = []string{cm.ID + ": vacuous evidence"}
		}
		v.Countermeasures = append(v.Countermeasures, cv)
	}
	return &Book{s, []*verify.Verdicts{v}}
}

func goalState(t *testing.T, b *Book, id string) verify.State {
	t.Helper()
	for _, g := range b.Subject.Case.Argument.Goals {
		if g.ID == id {
			return b.Goal(g)
		}
	}
	t.Fatalf("there is no goal %s", id)
	return ""
}

// TestStatesRise: a claim is worth what it rests on, up to the top.
func TestStatesRise(t *testing.T) {
	for _, tt := range []struct {
		states     map[string]verify.State
		below, top verify.State // of G-4, which rests on CM-root alone, and G-0
	}{
		{nil, verify.Proven, verify.Proven},
		{map[string]verify.State{"CM-root": verify.Unsupported}, verify.Unsupported, verify.Unsupported},
		{map[string]verify.State{"CM-root": verify.Unknown}, verify.Unknown, verify.Unknown},
		{map[string]verify.State{"CM-root": verify.NotHere}, verify.NotHere, verify.Proven},
		{map[string]verify.State{"CM-lock": verify.Unsupported}, verify.Proven, verify.Unsupported},
	} {
		b := book(t, tt.states)
		if below, top := goalState(t, b, "G-4"), goalState(t, b, "G-0"); below != tt.below || top != tt.top {
			t.Errorf("%v: G-4 is %q and G-0 %q, want %q and %q", tt.states, below, top, tt.below, tt.top)
		}
	}
	b := book(t, nil)
	b.Verdicts = nil
	if got := goalState(t, b, "G-0"); got != verify.Unknown {
		t.Errorf("without verdicts G-0 is %q", got)
	}
}

// TestPages renders everything, and looks for what a reader needs.
func TestPages(t *testing.T) {
	dir := t.TempDir()
	if err := book(t, map[string]verify.State{"CM-root": verify.Unsupported}).Pages(dir); err != nil {
		t.Fatal(err)
	}
	for page, wants := range map[string][]string{
		"index.md":                  {"✗ unsupported</span> | [SR-4 No path traversal](sr-4.md)", "✓ proven</span> | [SR-6 ", "linux/amd64 with go1.26, commit abc", "assure verify --fresh --claim SR-6"},
		"argument.md":               {"{#g-0}", "- ✗ [G-4](sr-4.md#g-4)", "[RR-"},
		"sr-4.md":                   {"# SR-4 No path traversal", "### CM-root MapFileIn opens", "- ✗ CM-root: vacuous evidence", "Counters [AV-10](threats.md#av-10)"},
		"sr-6.md":                   {"{#cm-lock}", "| [`no-lock`](https://github.com/mmapguard/go/blob/main/mmapguard/lock.go#L", " | The file is mapped without a lock. | ", "| [`case:SR-6/lock-held-until-unmap`](https://github.com/mmapguard/go/blob/main/conformance/sr6.go#L", "go test ./conformance -count=1 -v -run '^TestConformance$/^SR-6$/^lock-held-until-unmap$'", "<svg "},
		"threats.md":                {"{#av-14}", "Economy of mechanism"},
		"risks.md":                  {"{#rr-stale-slices}", "accepted until **2027-06-30**"},
		"registers.md":              {"{#unsafe-1}", "| golang.org/x/sys | v0.47.0 |", "unix.MmapPtr", "within 48 hours"},
		"frameworks.md":             {"(framework-ssdf.md) | 42 |"},
		"framework-cwe-top-25.md":   {"| CWE-22 | Path traversal | 6 | ✗ refuted: CM-root is not supported |", "| CWE-89 | SQL injection | 2 | not applicable |"},
		"framework-ssdf.md":         {"| PO.2.1 | Roles and responsibilities | PO | not addressed |"},
		"framework-slsa-source.md":  {"two-party-review"},
		"framework-scorecard.md":    {"Webhooks", "✗ refuted: check:fuzz does not pass"},
		"framework-owasp-top-10.md": {"A10:2025"},
		"verdicts.json":             {`"commit": "abc"`},
		"contents.json":             {`"file": "sr-9.md"`, `"source": "assurance-case/frameworks/ssdf.yaml"`},
	} {
		text, err := os.ReadFile(filepath.Join(dir, page))
		if err != nil {
			t.Error(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s does not hold %q", page, want)
			}
		}
		if strings.Contains(string(text), "<no value>") || strings.Contains(string(text), "%!") {
			t.Errorf("%s holds what was not filled in", page)
		}
	}
	linksLead(t, dir)
}

var (
	link     = regexp.MustCompile(`\]\(([a-z0-9A-Z._-]*\.(?:md|svg|json))?(?:#([a-z0-9.-]+))?\)`)
	anchored = regexp.MustCompile(`(?m)^#+ .* \{#([a-z0-9.-]+)\}$`)
)

// linksLead follows every link between the pages, to its heading; no heading is
// there twice.
func linksLead(t *testing.T, dir string) {
	t.Helper()
	texts, anchors := map[string]string{}, map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		texts[name] = string(text)
		for _, m := range anchored.FindAllStringSubmatch(string(text), -1) {
			if anchors[name+"#"+m[1]] {
				t.Errorf("%s has two headings %s", name, m[1])
			}
			anchors[name+"#"+m[1]] = true
		}
	}
	followed := 0
	for name, text := range texts {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target := cmp.Or(m[1], name)
			if m[2] != "" && !anchors[target+"#"+m[2]] || m[2] == "" && texts[target] == "" {
				t.Errorf("%s links to %s, which is not there", name, m[0])
			}
			followed++
		}
	}
	if followed < 100 {
		t.Errorf("only %d links were found", followed)
	}
}

// TestEveryCountermeasureIsToldOnce: on the page of one requirement, whichever
// claims rest on it.
func TestEveryCountermeasureIsToldOnce(t *testing.T) {
	b := book(t, nil)
	told := map[string]int{}
	var below func(g model.Goal)
	below = func(g model.Goal) {
		for _, cm := range b.told(g) {
			told[cm.ID]++
		}
		for _, sub := range b.subgoals(g) {
			below(sub)
		}
	}
	for _, r := range b.Subject.Case.Requirements {
		for _, g := range b.goalsOf(r.ID) {
			below(g)
		}
	}
	for _, cm := range b.Subject.Case.Countermeasures {
		if told[cm.ID] != 1 {
			t.Errorf("%s is told %d times", cm.ID, told[cm.ID])
		}
	}
}

// TestDiagramsAreAccessible: well-formed, with title and description, and
// everything that is drawn is also text. A page's colours are its own affair, and
// its ids are for itself.
func TestDiagramsAreAccessible(t *testing.T) {
	b := book(t, map[string]verify.State{"CM-lock": verify.Unsupported})
	for _, g := range b.goalsOf("SR-6") {
		for in, own := range map[medium]bool{standalone: true, inline: false} {
			svg := b.diagram(g, "SR-6", -1, in)
			wellFormed(t, svg)
			for _, want := range []string{
				`role="img" aria-labelledby="gsn-g-6-title gsn-g-6-desc"`, `<title id="gsn-g-6-title">SR-6</title>`, `<desc id="gsn-g-6-desc">goal G-6 (unsupported): `,
				"currentColor", ">✗ CM-lock<", ">✓ CM-lock-shared<", `stroke-width="4"`, "<title>solution CM-lock unsupported</title>",
			} {
				if !strings.Contains(svg, want) {
					t.Errorf("the diagram does not hold %q", want)
				}
			}
			if strings.Contains(svg, "prefers-color-scheme: dark") != own || strings.Contains(svg, "<style") != own {
				t.Errorf("medium %d: the diagram's style is not as it should be", in)
			}
			if strings.Contains(svg, "\n\n") {
				t.Error("an empty line would end the diagram in Markdown")
			}
		}
	}
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// TestNothingOverlaps compares the boxes of the largest diagrams.
func TestNothingOverlaps(t *testing.T) {
	b := book(t, nil)
	for _, g := range b.Subject.Case.Argument.Goals {
		root := b.node(g, -1)
		root.wrap()
		root.place(0, 0)
		var boxes []*node
		var collect func(n *node)
		collect = func(n *node) {
			boxes = append(append(boxes, n), n.notes...)
			for _, c := range n.children {
				collect(c)
			}
		}
		collect(root)
		for i, a := range boxes {
			for _, o := range boxes[:i] {
				if a.x == o.x && a.y < o.y+o.height && o.y < a.y+a.height {
					t.Errorf("%s lies over %s", a.id, o.id)
				}
			}
		}
	}
}

// TestExplain goes from a claim to the line of source and the commands.
func TestExplain(t *testing.T) {
	for id, wants := range map[string][]string{
		"SR-6": {
			"SR-6  The lock lasts as long as the mapping  (assurance-case/requirements.yaml:", "✓ G-6  ", "✓ CM-lock  The file is locked before it is mapped.",
			"mutant no-lock: The file is mapped without a lock.", "takes away mmapguard/lock.go:", "case:SR-6/lock-held-until-unmap  (conformance/sr6.go:",
			"passed on linux/amd64, fails under no-lock", "$ go test ./conformance -count=1 -v -run '^TestConformance$/^SR-6$/^lock-held-until-unmap$'",
			`without: $ go test -overlay "$(go run ./tools/cmd/assure overlay no-lock)" ./conformance`, "To prove it wrong: go run ./tools/cmd/assure verify --fresh --claim SR-6",
		},
		"AV-6":                            {"Stale slices", "left over: RR-stale-slices", "CM-quarantine"},
		"RR-root":                         {"accepted until 2027-06-30", "grep -n -F"},
		"CWE-89":                          {"not applicable", "There is no database."},
		"CWE-22":                          {"addressed", "CM-root"},
		"no-lock":                         {"no-lock is used by CM-lock", "takes away mmapguard/lock.go:"},
		"case:SR-6/lock-held-until-unmap": {"is used by CM-lock (", "CM-lock-lasts"},
	} {
		var text strings.Builder
		if err := book(t, nil).Explain(&text, id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		for _, want := range wants {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%s does not lead to %q, but to:\n%s", id, want, text.String())
			}
		}
	}
	if err := book(t, nil).Explain(io.Discard, "SR-99"); err == nil || !strings.Contains(err.Error(), `nothing in assurance-case has the id "SR-99"`) {
		t.Errorf("SR-99 is explained: %v", err)
	}
}
