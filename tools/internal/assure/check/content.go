package check

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/mmapguard/go/tools/internal/assure/model"
)

func threats(_ context.Context, s *Subject, r *report) error {
	answered := map[string]bool{}
	for _, cm := range s.Case.Countermeasures {
		for _, v := range cm.Counters {
			answered[v.Text] = true
		}
	}
	for _, risk := range s.Case.Risks {
		for _, v := range risk.Vectors {
			answered[v.Text] = true
		}
	}
	for _, v := range s.Case.Threats.Vectors {
		if !answered[v.ID] {
			r.add(v.Pos, "nothing counters %s: name it in the counters of a countermeasure, or accept it in risks.yaml", v.ID)
		}
	}
	return nil
}

// cases finds conformance cases that the case forgot.
func cases(_ context.Context, s *Subject, r *report) error {
	cited := map[string]bool{}
	s.Case.Walk(func(model.Defined) {}, func(u model.Used) {
		if id, ok := strings.CutPrefix(strings.Fields(u.Text)[0], "case:"); ok {
			cited[id] = true
		}
	})
	for id, place := range s.Sources.Cases {
		if !cited[id] {
			r.add(at(place), "the conformance case %s is cited nowhere in %s: add \"case:%s\" to the evidence of the countermeasure it tries", id, model.Dir, id)
		}
	}
	return nil
}

// risks finds those whose day has come. The day is today and not the commit's:
// a build of old sources is no reason to trust them longer.
func risks(_ context.Context, s *Subject, r *report) error {
	for _, risk := range s.Case.Risks {
		last, err := time.Parse(time.DateOnly, risk.Expires)
		switch {
		case err != nil:
			r.add(risk.Pos, "%s expires on %q, which is no date of the form 2006-01-02", risk.ID, risk.Expires)
		case s.Today.After(last.AddDate(0, 0, 1)):
			r.add(risk.Pos, "%s was accepted until %s: review it (%s), and remove it or set a new date with the reason in the commit", risk.ID, risk.Expires, risk.Title)
		case last.After(s.Today.AddDate(1, 1, 0)):
			r.add(risk.Pos, "%s is accepted until %s: a risk is reviewed once a year, choose an earlier date", risk.ID, risk.Expires)
		}
	}
	return nil
}

func frameworks(_ context.Context, s *Subject, r *report) error {
	for _, f := range s.Case.Frameworks {
		if len(f.Rows) != f.Count {
			r.add(f.Pos, "%s %s has %d rows, and %d are here: every row appears, also those that are not addressed", f.Title, f.Version, f.Count, len(f.Rows))
		}
		for _, row := range f.Rows {
			switch state := row.State(); {
			case state == "":
				r.add(row.Pos, "%s %s says nothing: give it by, gap, residual or notApplicable", f.Title, row.ID)
			case state == model.NotApplicable && (row.Gap != "" || len(row.By)+len(row.Residual) > 0):
				r.add(row.Pos, "%s %s is not applicable, and addressed as well: one of them is wrong", f.Title, row.ID)
			}
		}
	}
	return nil
}

// incidents compares the procedure with what users are told.
func incidents(_ context.Context, s *Subject, r *report) error {
	in := s.Case.Incidents
	for _, class := range in.Classes {
		for _, promise := range []string{class.Triage, class.Fix, class.Disclosure} {
			if _, err := s.Tree.Holds(in.Policy, promise); err != nil {
				r.add(class.Pos, "%s promises %q, and %v: make both say the same", class.ID, promise, err)
			}
		}
	}
	return nil
}

// bothWays compares what a register holds with what there is.
func bothWays[E any](r *report, entries []E, found map[string]model.Pos, key func(E) (string, model.Pos), where, thing string) {
	entered := map[string]bool{}
	for _, e := range entries {
		name, pos := key(e)
		entered[name] = true
		if _, ok := found[name]; !ok {
			r.add(pos, "the register has the %s %s, and the repository does not: remove the entry, or correct it", thing, name)
		}
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !entered[name] {
			r.add(found[name], "the %s %s has no entry in %s: add one, or remove it", thing, name, where)
		}
	}
}
