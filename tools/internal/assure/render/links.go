package render

import (
	"fmt"
	"html"
	"strings"

	"github.com/mmapguard/go/tools/internal/assure/model"
)

// anchor is the name of an id in an address, without the full stops that some
// readers of Markdown do not take there.
func anchor(id string) string { return strings.ReplaceAll(strings.ToLower(id), ".", "-") }

// pageOf leads to where an id is described: a requirement, a claim, a
// countermeasure, a residual risk or a way of attack. Ids of other kinds are
// described where they are used, and lead nowhere.
func (b *Book) pageOf(id string) string {
	for _, r := range b.Subject.Case.Requirements {
		if r.ID == id {
			return fileOf(r.ID)
		}
		for _, g := range b.goalsOf(r.ID) {
			if b.holds(g, id) {
				return fileOf(r.ID) + "#" + anchor(id)
			}
		}
	}
	for prefix, file := range map[string]string{"RR-": "risks.md", "AV-": "threats.md"} {
		if strings.HasPrefix(id, prefix) {
			return file + "#" + anchor(id)
		}
	}
	return ""
}

// holds tells whether a claim or something below it has an id.
func (b *Book) holds(g model.Goal, id string) bool {
	if g.ID == id || contains(g.Countermeasures, id) {
		return true
	}
	for _, sub := range b.subgoals(g) {
		if b.holds(sub, id) {
			return true
		}
	}
	return false
}

// told are the countermeasures that are described below a claim: each of them
// once, where the argument needs it first.
func (b *Book) told(g model.Goal) (all []model.Countermeasure) {
	for _, cm := range b.Subject.Case.Countermeasures {
		if contains(g.Countermeasures, cm.ID) && b.first(cm.ID) == g.ID {
			all = append(all, cm)
		}
	}
	return all
}

// first is the claim, in the order of the pages, that needs a countermeasure
// before the others do.
func (b *Book) first(countermeasure string) string {
	for _, r := range b.Subject.Case.Requirements {
		for _, g := range b.goalsOf(r.ID) {
			if found := b.firstBelow(g, countermeasure); found != "" {
				return found
			}
		}
	}
	return ""
}

func (b *Book) firstBelow(g model.Goal, countermeasure string) string {
	if contains(g.Countermeasures, countermeasure) {
		return g.ID
	}
	for _, sub := range b.subgoals(g) {
		if found := b.firstBelow(sub, countermeasure); found != "" {
			return found
		}
	}
	return ""
}

// refs lists references, with links to what is described elsewhere.
func (b *Book) refs(refs []model.Ref) string {
	var all []string
	for _, r := range refs {
		address := b.pageOf(r.Text)
		switch {
		case address == "":
			all = append(all, "`"+cell(r.Text)+"`")
		case strings.HasPrefix(r.Text, "CM-"):
			all = append(all, fmt.Sprintf("%s [%s](%s)", mark(b.Countermeasure(r.Text)), r.Text, address))
		default:
			all = append(all, fmt.Sprintf("[%s](%s)", r.Text, address))
		}
	}
	return strings.Join(all, ", ")
}

// drawn is the diagram of a claim: how it is divided, or else what it rests on.
// The claims that it is divided into have diagrams of their own, further down.
func (b *Book) drawn(g model.Goal) string {
	depth := 1
	if len(b.subgoals(g)) == 0 {
		depth = -1
	}
	return b.scrolling(g, g.ID+" in the Goal Structuring Notation", depth)
}

// scrolling is a diagram as a part of a page. It is wider than most screens, and
// what scrolls has to be reached by the keyboard as well (WCAG 2.2, 2.1.1).
func (b *Book) scrolling(g model.Goal, title string, depth int) string {
	return `<div class="scroll" role="group" tabindex="0" aria-label="` + html.EscapeString(title) + `">` + "\n" +
		b.diagram(g, title, depth, inline) + "</div>\n"
}
