package render

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
	"github.com/mmapguard/go/tools/internal/assure/verify"
)

// functions are what the pages can call.
func (b *Book) functions() template.FuncMap {
	return template.FuncMap{
		"mark": mark, "badge": badge, "anchor": anchor, "cell": cell, "heading": heading, "join": strings.Join,
		"goal": b.Goal, "state": b.Countermeasure, "row": b.rowState, "tally": b.tally,
		"platforms": b.platforms, "problems": b.problems, "seen": b.seen, "killers": b.killers,
		"top": b.top, "goalsOf": b.goalsOf, "subgoals": b.subgoals, "told": b.told,
		"command": func(r model.Ref) string { e, _ := r.Evidence(); return Command(e) }, "refute": VerifyCommand,
		"where": b.where, "linked": b.linked, "breaks": b.breaks, "mutant": b.mutant, "source": sourceLink, "page": b.pageOf, "refs": b.refs,
		"drawn": b.drawn, "whole": func() string { return b.scrolling(b.top(), wholeTitle, 1) },
	}
}

// cell fits a text into a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}

// heading is a sentence without its full stop, which headings have none of.
func heading(text string) string { return strings.TrimSuffix(text, ".") }

// badge is a state that nobody overlooks. The colours are dark enough for white
// letters (WCAG 2.2, contrast of 4.5 to 1), and so look the same on any paper.
func badge(s verify.State) string {
	colour := map[verify.State]string{verify.Proven: "#1a6b32", verify.Unsupported: "#b3261e"}[s]
	if colour == "" {
		colour = "#5a5f66"
	}
	return fmt.Sprintf(`<span class="state" style="background:%s;color:#fff;padding:0 .35em;border-radius:3px;white-space:nowrap">%s %s</span>`, colour, mark(s), s)
}

// seen says what became of a piece of evidence, in one line.
func (b *Book) seen(r model.Ref) string {
	e, err := r.Evidence()
	if err != nil {
		return err.Error()
	}
	seen := b.Evidence(e.Key())
	if len(seen) == 0 {
		return string(verify.Unknown)
	}
	return strings.Join(seen, "; ")
}

// killers are the pieces of evidence that were seen to fail under a mutant.
func (b *Book) killers(mutant string) string {
	var all []string
	known := map[string]bool{}
	for _, v := range b.Verdicts {
		for _, c := range v.Countermeasures {
			for _, m := range c.Mutants {
				for _, key := range m.KilledBy {
					if m.Name == mutant && !known[key] {
						known[key] = true
						all = append(all, "`"+key+"`")
					}
				}
			}
		}
	}
	if len(all) == 0 {
		return "not seen yet"
	}
	return strings.Join(all, ", ")
}

// where is the place of a piece of evidence in the repository.
func (b *Book) where(r model.Ref) string {
	file, line, err := b.find(r)
	if err != nil {
		return err.Error()
	}
	return sourceLink(file, line)
}

// linked is a piece of evidence by its name, which leads to its source.
func (b *Book) linked(r model.Ref) string {
	file, line, err := b.find(r)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("[%#q](%s)", cell(r.Text), address(file, line))
}

func (b *Book) find(r model.Ref) (file string, line int, err error) {
	e, err := r.Evidence()
	if err != nil {
		return "", 0, err
	}
	place, err := b.Subject.Find(e)
	return place.File, place.Line, err
}

// address is that of a line of the source; line 0 is the file as a whole.
func address(file string, line int) string {
	at := "https://" + repo.Own + "blob/main/" + file
	if line > 0 {
		at += fmt.Sprintf("#L%d", line)
	}
	return at
}

// sourceLink leads to a line of the source, by the name of that.
func sourceLink(file string, line int) string {
	name := file
	if line > 0 {
		name += fmt.Sprintf(":%d", line)
	}
	return fmt.Sprintf("[%s](%s)", name, address(file, line))
}

// breaks says what a mutant takes away.
func (b *Book) breaks(name string) string {
	if m, ok := b.Subject.Mutants[name]; ok {
		return m.Breaks
	}
	return "no such mutant"
}

// mutant is one by its name, which leads to what it changes first.
func (b *Book) mutant(name string) string {
	m, ok := b.Subject.Mutants[name]
	if !ok {
		return "no such mutant"
	}
	place, err := m.Place(b.Subject.Tree)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("[%#q](%s)", name, address(place.File, place.Line))
}

// problems are what verify found wrong.
func (b *Book) problems(id string) (problems []string) {
	for _, v := range b.of(id) {
		problems = append(problems, v.Problems...)
	}
	return problems
}

// refuted begins the state of a row whose word does not hold.
const refuted = "✗ refuted"

// rowState is what a row says of itself, and doubt where what it rests on was
// refuted.
func (b *Book) rowState(r model.Row) string {
	for _, ref := range r.By {
		if !ref.IsEvidence() && b.Countermeasure(ref.Text) == verify.Unsupported {
			return refuted + ": " + ref.Text + " is not supported"
		}
		if e, err := ref.Evidence(); ref.IsEvidence() && err == nil && b.failed(e.Key()) {
			return refuted + ": " + e.Key() + " does not pass"
		}
	}
	return string(r.State())
}

// tally counts the rows of a framework by their state.
func (b *Book) tally(f model.Framework) map[string]int {
	n := map[string]int{}
	for _, r := range f.Rows {
		state := b.rowState(r)
		if strings.HasPrefix(state, refuted) {
			state = "refuted"
		}
		n[state]++
	}
	return n
}
