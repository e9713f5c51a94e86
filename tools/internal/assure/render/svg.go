package render

import (
	"cmp"
	"fmt"
	"html"
	"strings"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/verify"
)

// node is an element of the Goal Structuring Notation, laid out from left to
// right: its column is its depth, its row the middle of what it leads to.
type node struct {
	kind     string // goal, strategy, solution, context, assumption, justification
	id, text string
	state    verify.State
	notes    []*node // contexts and the like, below it
	children []*node

	x, y, height int // of the box
	lines        []string
}

// The measures of a drawing, in pixels. Characters of the font are about seven
// wide. Three columns are as wide as a page of the book.
const (
	boxWidth   = 222
	columnStep = 248
	lineHeight = 16
	padding    = 10
	inset      = 17 // of the text
	gap        = 18
	wrapAt     = 26
)

// medium is what a diagram is part of.
type medium int

const (
	standalone medium = iota // a file, which brings its paper along
	inline                   // a page, whose paper and colour of text it has
)

// diagram draws the part of the argument below a goal; depth is how many
// strategies are followed, or -1 for all of it with the countermeasures.
func (b *Book) diagram(g model.Goal, title string, depth int, in medium) string {
	root := b.node(g, depth)
	root.wrap()
	bottom := root.place(0, gap)
	width := root.columns()*columnStep - (columnStep - boxWidth) + 2*gap
	var d drawing
	d.head("gsn-"+anchor(g.ID), title, root.describe(), width, bottom+gap)
	if in == standalone {
		d.paper()
	}
	d.edges(root)
	d.nodes(root)
	d.add("</svg>\n")
	return d.text.String()
}

func (b *Book) node(g model.Goal, depth int) *node {
	n := &node{kind: "goal", id: g.ID, text: g.Claim, state: b.Goal(g)}
	a := b.Subject.Case.Argument
	n.notes = append(notes("context", a.Contexts, g.Context), notes("assumption", a.Assumptions, g.Assumptions)...)
	for _, s := range a.Strategies {
		if s.ID != g.Strategy.Text || depth == 0 {
			continue
		}
		strategy := &node{kind: "strategy", id: s.ID, text: s.Argument, state: n.state}
		strategy.notes = notes("justification", a.Justifications, s.Justifications)
		for _, sub := range b.subgoals(g) {
			strategy.children = append(strategy.children, b.node(sub, depth-1))
		}
		n.children = append(n.children, strategy)
	}
	if depth < 0 {
		for _, cm := range b.Subject.Case.Countermeasures {
			if contains(g.Countermeasures, cm.ID) {
				n.children = append(n.children, &node{kind: "solution", id: cm.ID, text: cm.Title, state: b.Countermeasure(cm.ID)})
			}
		}
	}
	return n
}

func contains(refs []model.Ref, id string) bool {
	for _, r := range refs {
		if r.Text == id {
			return true
		}
	}
	return false
}

func notes(kind string, all []model.Note, refs []model.Ref) (found []*node) {
	for _, n := range all {
		if contains(refs, n.ID) {
			found = append(found, &node{kind: kind, id: n.ID, text: n.Text})
		}
	}
	return found
}

// wrap breaks the texts into lines, which decides the heights.
func (n *node) wrap() {
	head := n.id
	if n.state != "" {
		head = mark(n.state) + " " + n.id
	}
	n.lines = append([]string{head}, wrapped(n.text)...)
	n.height = len(n.lines)*lineHeight + 2*padding
	for _, c := range append(n.notes, n.children...) {
		c.wrap()
	}
}

func wrapped(text string) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > wrapAt {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// place lays the tree out below a line, and returns where it ends.
func (n *node) place(column, top int) (bottom int) {
	n.x = gap + column*columnStep
	y := top
	for _, c := range n.children {
		y = c.place(column+1, y)
	}
	own := n.height + gap
	for _, note := range n.notes {
		own += note.height + gap
	}
	bottom = max(y, top+own)
	n.y = top // where whoever comes to the drawing looks first
	below := n.y + n.height + gap
	for _, note := range n.notes {
		note.x, note.y = n.x, below
		below += note.height + gap
	}
	return bottom
}

func (n *node) columns() int {
	deepest := 0
	for _, c := range n.children {
		deepest = max(deepest, c.columns())
	}
	return deepest + 1
}

// describe is the tree in words, for those who cannot see it.
func (n *node) describe() string {
	text := n.kind + " " + n.id
	if n.state != "" {
		text += " (" + string(n.state) + ")"
	}
	text += ": " + strings.TrimSuffix(n.text, ".") + "."
	for _, c := range append(n.notes, n.children...) {
		text += " " + c.describe()
	}
	return text
}

type drawing struct{ text strings.Builder }

func (d *drawing) add(format string, args ...any) { _, _ = fmt.Fprintf(&d.text, format, args...) }

// A page has one style, its own, so what is drawn brings its looks along:
// everything is in the colour of text, and states differ by line and sign as well
// as by colour. The colours stand out from white and from black (WCAG 2.2, 1.4.11).
var outlines = map[verify.State]string{
	verify.Proven:      `stroke="#2a8f47" stroke-width="1.5"`,
	verify.Unsupported: `stroke="#e5484d" stroke-width="4"`,
	verify.Unknown:     `stroke="#7d8590" stroke-width="1.5" stroke-dasharray="6 4"`,
}

// plain outlines what has no state.
const plain = `stroke="currentColor" stroke-width="1.5"`

func (d *drawing) head(id, title, description string, width, height int) {
	d.add(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="%s-title %[5]s-desc" font-family="ui-monospace, monospace" font-size="12">`+"\n", width, height, width, height, id)
	d.add("<title id=\"%s-title\">%s</title>\n<desc id=\"%[1]s-desc\">%[3]s</desc>\n", id, html.EscapeString(title), html.EscapeString(description))
}

// paper is white in light and dark in dark surroundings, and the text its
// opposite.
func (d *drawing) paper() {
	d.add("<style>svg { color: #1f2328; background: #ffffff; } @media (prefers-color-scheme: dark) { svg { color: #e6edf3; background: #0d1117; } }</style>\n")
}

// edges are drawn first, so that no line crosses a text.
func (d *drawing) edges(n *node) {
	for _, c := range n.children {
		fromX, fromY, toX, toY := n.x+boxWidth, n.y+n.height/2, c.x, c.y+c.height/2
		middle := (fromX + toX) / 2
		d.add(`<path fill="none" stroke="currentColor" stroke-width="1.2" d="M%d %d C%d %d %d %d %d %d"/>`+"\n", fromX, fromY, middle, fromY, middle, toY, toX, toY)
		d.edges(c)
	}
	from := n // or the note above: no line crosses a box
	for _, note := range n.notes {
		d.add(`<path fill="none" stroke="currentColor" stroke-width="1.2" stroke-dasharray="2 3" d="M%d %d V%d"/>`+"\n", n.x+boxWidth/2, from.y+from.height, note.y)
		from = note
	}
}

func (d *drawing) nodes(n *node) {
	looks := cmp.Or(outlines[n.state], plain)
	d.add("<g><title>%s</title>%s\n", html.EscapeString(strings.TrimSpace(n.kind+" "+n.id+" "+string(n.state))), shape(n, `fill="none" `+looks))
	for i, line := range n.lines {
		weight := ""
		if i == 0 {
			weight = ` font-weight="bold"`
		}
		d.add(`<text x="%d" y="%d" fill="currentColor"%s>%s</text>`+"\n", n.x+inset, n.y+padding+12+i*lineHeight, weight, html.EscapeString(line))
	}
	d.add("</g>\n")
	for _, c := range append(n.notes, n.children...) {
		d.nodes(c)
	}
}

// shape is what the notation gives each kind: goals are rectangles, strategies
// parallelograms, solutions round, contexts have round sides, assumptions and
// justifications are ovals.
func shape(n *node, looks string) string {
	x, y, w, h := n.x, n.y, boxWidth, n.height
	switch n.kind {
	case "strategy":
		return fmt.Sprintf(`<polygon %s points="%d,%d %d,%d %d,%d %d,%d"/>`, looks, x+padding, y, x+w+padding, y, x+w-padding, y+h, x-padding, y+h)
	case "solution":
		return fmt.Sprintf(`<rect %s x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, looks, x, y, w, h, min(h/2, 2*inset))
	case "context":
		return fmt.Sprintf(`<rect %s x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, looks, x, y, w, h, 14)
	case "assumption", "justification":
		return fmt.Sprintf(`<rect %s x="%d" y="%d" width="%d" height="%d" rx="%d" ry="%d"/>`, looks, x, y, w, h, inset, h/2)
	}
	return fmt.Sprintf(`<rect %s x="%d" y="%d" width="%d" height="%d"/>`, looks, x, y, w, h)
}
