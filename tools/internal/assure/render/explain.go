package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/verify"
)

// Explain writes the chain from whatever an id stands for to the lines of
// source, and the commands that would prove it wrong.
func (b *Book) Explain(w io.Writer, id string) error {
	x := &explainer{book: b}
	known := x.subject(id)
	chosen := verify.Below(b.Subject.Case, id)
	if !known && len(chosen) == 0 {
		return fmt.Errorf("nothing in %s has the id %q; try a requirement (SR-6), a way of attack (AV-2), a countermeasure, a risk, the row of a framework (CWE-416), a case (case:SR-6/…) or a mutant", model.Dir, id)
	}
	for _, cm := range chosen {
		x.countermeasure(cm)
	}
	if len(chosen) > 0 {
		x.line(0, "")
		x.line(0, "To prove it wrong: %s", VerifyCommand(id))
	}
	x.line(0, "State as of: %s", b.platforms())
	_, err := io.WriteString(w, x.text.String())
	return err
}

type explainer struct {
	book *Book
	text strings.Builder
}

func (x *explainer) line(depth int, format string, args ...any) {
	x.text.WriteString(strings.TrimRight(strings.Repeat("  ", depth)+fmt.Sprintf(format, args...), " ") + "\n")
}

// subject says what the id itself is, and reports whether it is anything.
func (x *explainer) subject(id string) bool {
	before := x.text.Len()
	c := x.book.Subject.Case
	for _, r := range c.Requirements {
		if r.ID == id {
			x.head(r.ID, r.Title, r.Pos)
			x.line(1, "%s", r.Statement)
			for _, g := range x.book.goalsOf(id) {
				x.goal(g, 1)
			}
		}
	}
	for _, g := range c.Argument.Goals {
		if g.ID == id {
			x.goal(g, 0)
		}
	}
	for _, v := range c.Threats.Vectors {
		if v.ID == id {
			x.head(v.ID, v.Title, v.Pos)
			x.line(1, "%s", v.Description)
			x.left(id)
		}
	}
	for _, r := range c.Risks {
		if r.ID == id {
			x.risk(r)
		}
	}
	x.rows(id)
	x.refers(id)
	return x.text.Len() > before
}

func (x *explainer) head(id, title string, at model.Pos) {
	x.line(0, "%s  %s  (%s:%d)", id, title, at.File, at.Line)
}

// goal writes a claim with what it is divided into.
func (x *explainer) goal(g model.Goal, depth int) {
	x.line(depth, "%s %s  %s  (%s:%d)", mark(x.book.Goal(g)), g.ID, g.Claim, g.File, g.Line)
	for _, s := range x.book.Subject.Case.Argument.Strategies {
		if s.ID == g.Strategy.Text {
			x.line(depth+1, "%s  %s", s.ID, s.Argument)
		}
	}
	for _, sub := range x.book.subgoals(g) {
		x.goal(sub, depth+1)
	}
	if len(g.Countermeasures) > 0 {
		x.line(depth+1, "rests on %s", texts(g.Countermeasures))
	}
}

// left names the residual risks of a way of attack.
func (x *explainer) left(vector string) {
	for _, r := range x.book.Subject.Case.Risks {
		if slices.ContainsFunc(r.Vectors, func(ref model.Ref) bool { return ref.Text == vector }) {
			x.line(1, "left over: %s  %s", r.ID, r.Title)
		}
	}
}

func (x *explainer) risk(r model.Risk) {
	x.head(r.ID, r.Title, r.Pos)
	x.line(1, "%s", r.What)
	x.line(1, "accepted until %s: %s", r.Expires, r.Accepted)
	x.line(1, "users: %s", r.Users)
	for _, ref := range r.Evidence {
		x.evidence(ref, nil)
	}
}

// rows finds the rows of frameworks that have the id.
func (x *explainer) rows(id string) {
	for _, f := range x.book.Subject.Case.Frameworks {
		for _, row := range f.Rows {
			if row.ID != id && f.ID+"/"+row.ID != id {
				continue
			}
			x.line(0, "%s %s: %s  %s: %s  (%s:%d)", f.Title, f.Version, row.ID, row.Title, row.State(), row.File, row.Line)
			for _, text := range []string{row.Gap, row.NotApplicable} {
				if text != "" {
					x.line(1, "%s", text)
				}
			}
			for _, ref := range row.By {
				if ref.IsEvidence() {
					x.evidence(ref, nil)
					continue
				}
				for _, cm := range verify.Below(x.book.Subject.Case, ref.Text) {
					x.countermeasure(cm)
				}
			}
		}
	}
}

// refers tells where evidence or a mutant is used.
func (x *explainer) refers(id string) {
	x.book.Subject.Case.Walk(func(model.Defined) {}, func(u model.Used) {
		e, err := u.Evidence()
		if u.Text == id || err == nil && u.IsEvidence() && e.Key() == id {
			x.line(0, "%s is used by %s (%s:%d)", id, u.Owner, u.File, u.Line)
		}
	})
}

func (x *explainer) countermeasure(cm model.Countermeasure) {
	x.line(0, "")
	x.line(0, "%s %s  %s  (%s:%d)", mark(x.book.Countermeasure(cm.ID)), cm.ID, cm.Title, cm.File, cm.Line)
	x.line(1, "because: %s", cm.Because)
	x.line(1, "counters: %s", texts(cm.Counters))
	for _, name := range cm.Mutants {
		m, ok := x.book.Subject.Mutants[name.Text]
		if !ok {
			continue
		}
		x.line(1, "mutant %s: %s", m.Name, m.Breaks)
		if place, err := m.Place(x.book.Subject.Tree); err == nil {
			x.line(2, "takes away %s", place)
		}
	}
	for _, ref := range cm.Evidence {
		x.evidence(ref, cm.Mutants)
	}
	for _, ref := range cm.Supporting {
		x.evidence(ref, nil)
	}
	for _, v := range x.book.of(cm.ID) {
		for _, p := range v.Problems {
			x.line(1, "✗ %s", p)
		}
	}
}

// evidence writes where a piece of evidence is, what was seen of it, and the
// commands that show it, with the countermeasure and without.
func (x *explainer) evidence(ref model.Ref, mutants []model.Ref) {
	e, err := ref.Evidence()
	if err != nil {
		x.line(1, "%s: %v", ref.Text, err)
		return
	}
	place, err := x.book.Subject.Find(e)
	where := place.String()
	if err != nil {
		where = err.Error()
	}
	x.line(1, "%s  (%s)", ref.Text, where)
	for _, seen := range x.book.Evidence(e.Key()) {
		x.line(2, "%s", seen)
	}
	x.line(2, "$ %s", Command(e))
	for _, m := range mutants {
		x.line(2, "without: $ %s", Without(e, m.Text))
	}
}

func texts(refs []model.Ref) string {
	var all []string
	for _, r := range refs {
		all = append(all, r.Text)
	}
	return strings.Join(all, ", ")
}
