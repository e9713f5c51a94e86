package gates

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/mmapguard/go/site/check/internal/browser"
)

// Axe is axe-core, which finds what keeps people with disabilities out.
type Axe struct {
	define string // an expression that runs the script for its effect
}

// LoadAxe reads axe-core's script.
func LoadAxe(file string) (Axe, error) {
	source, err := os.ReadFile(file) // #nosec G304 -- named by who calls the program
	if err != nil {
		return Axe{}, fmt.Errorf("axe-core is not installed (`npm ci --prefix tools/book`): %w", err)
	}
	text, err := json.Marshal(string(source))
	if err != nil {
		return Axe{}, fmt.Errorf("%s: %w", file, err)
	}
	return Axe{"(0, eval)(" + string(text) + ")"}, nil
}

// violation is a rule of axe that a page breaks, and where.
type violation struct {
	ID, Help string
	Nodes    []struct {
		Target         []json.RawMessage
		FailureSummary string
	}
}

// Check runs all rules of axe over the open page.
func (a Axe) Check(t *browser.Tab) ([]string, error) { return a.check(t, "") }

// Colours runs the rules about colours alone: all that another theme changes.
func (a Axe) Colours(t *browser.Tab) ([]string, error) {
	return a.check(t, `, runOnly: ['color-contrast', 'link-in-text-block']`)
}

// check runs rules of axe. Styles need not be fetched once more: no rule here
// asks how a page looks on another screen.
func (a Axe) check(t *browser.Tab, rules string) ([]string, error) {
	if _, err := browser.Eval[bool](t, "window.axe !== undefined || !("+a.define+")"); err != nil {
		return nil, fmt.Errorf("loading axe-core: %w", err)
	}
	// A rule that did not pass anywhere did not look: then nothing is proved.
	found, err := browser.Eval[struct {
		Violations []violation
		Passes     int
	}](t, `axe.run(document, {resultTypes: ['violations'], preload: false`+rules+`}).then(r => ({violations: r.violations, passes: r.passes.length}))`)
	if err != nil {
		return nil, fmt.Errorf("running axe-core: %w", err)
	}
	var problems []string
	for _, v := range found.Violations {
		for _, node := range v.Nodes {
			problems = append(problems, fmt.Sprintf("%s: %s at %s: %s", v.ID, v.Help, node.Target, node.FailureSummary))
		}
	}
	if found.Passes == 0 {
		problems = append(problems, "axe-core looked at nothing")
	}
	return problems, nil
}
