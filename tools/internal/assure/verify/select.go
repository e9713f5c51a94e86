package verify

import (
	"slices"

	"github.com/mmapguard/go/tools/internal/assure/model"
)

// Below is the countermeasures that an id stands for: itself, those that a
// claim or a requirement rests on, those against a way of attack, those that
// name a mutant or cite a piece of evidence, and those that anything else
// refers to.
func Below(c *model.Case, id string) []model.Countermeasure {
	wanted := map[string]bool{id: true}
	for _, g := range c.Argument.Goals {
		if g.ID == id || g.Requirement.Text == id {
			below(c, g, wanted, map[string]bool{})
		}
	}
	c.Walk(func(model.Defined) {}, func(u model.Used) {
		if u.Owner == id {
			wanted[u.Text] = true
		}
	})
	var found []model.Countermeasure
	for _, cm := range c.Countermeasures {
		if wanted[cm.ID] || names(cm.Counters, id) || names(cm.Mutants, id) || cites(cm, id) {
			found = append(found, cm)
		}
	}
	return found
}

// below collects what a goal rests on, all the way down.
func below(c *model.Case, g model.Goal, wanted, seen map[string]bool) {
	if seen[g.ID] {
		return
	}
	seen[g.ID] = true
	for _, cm := range g.Countermeasures {
		wanted[cm.Text] = true
	}
	for _, s := range c.Argument.Strategies {
		if s.ID != g.Strategy.Text {
			continue
		}
		for _, sub := range c.Argument.Goals {
			if names(s.Goals, sub.ID) {
				below(c, sub, wanted, seen)
			}
		}
	}
}

func names(refs []model.Ref, id string) bool {
	return slices.ContainsFunc(refs, func(r model.Ref) bool { return r.Text == id })
}

// cites tells whether a countermeasure cites a piece of evidence.
func cites(cm model.Countermeasure, key string) bool {
	return slices.ContainsFunc(slices.Concat(cm.Evidence, cm.Supporting), func(r model.Ref) bool {
		e, err := r.Evidence()
		return err == nil && e.Key() == key
	})
}
