package conformance

import (
	"cmp"
	"runtime"
	"slices"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

const noFaults = "memory faults are not to be relied upon here"

// job is one run of one case.
type job struct {
	Case
	mechanism mmapguard.Mechanism
	reason    string // why it is not to be run; empty if it is
}

// plan lists what is to be run, and what is not, with the reason.
func (s *suite) plan() []job {
	var plan []job
	for _, c := range Catalog() {
		if s.Run != nil && !s.Run.MatchString(c.ID) {
			continue
		}
		plan = append(plan, s.jobs(c)...)
	}
	return plan
}

// jobs are the runs of a case: one, or one with each of its mechanisms that
// this system has.
func (s *suite) jobs(c Case) []job {
	if len(c.Applies.Mechanisms) == 0 {
		if len(s.Guarantees) > 0 && !slices.Contains(s.Guarantees, mmapguard.Cooperative) {
			return nil
		}
		return []job{{c, "", s.obstacle(c)}}
	}
	var jobs []job
	known := platformMechanisms()
	for _, m := range c.Applies.Mechanisms {
		if !slices.Contains(known, m) || !s.wanted(m) {
			continue
		}
		reason := cmp.Or(s.obstacle(c), s.missing(m))
		if s.NoFaults && c.Applies.Needs&SharedFaults != 0 && slices.Contains(shared, m) {
			reason = noFaults
		}
		jobs = append(jobs, job{c, m, reason})
	}
	if jobs == nil && len(s.Guarantees) == 0 {
		jobs = []job{{c, "", "no mechanism of " + runtime.GOOS + " makes this promise"}}
	}
	return jobs
}

func (s *suite) wanted(m mmapguard.Mechanism) bool {
	return len(s.Guarantees) == 0 || slices.Contains(s.Guarantees, guaranteeOf(m))
}

// obstacle is the reason why a case cannot be run here, or empty.
func (s *suite) obstacle(c Case) string {
	a := c.Applies
	switch {
	case s.Exclude[c.ID] != "":
		return s.Exclude[c.ID]
	case len(a.Platforms) > 0 && !slices.Contains(a.Platforms, runtime.GOOS):
		return "made for " + strings.Join(a.Platforms, ", ") + ", this is " + runtime.GOOS
	case a.Needs&Files != 0 && s.root == "":
		return "read-only: no files can be made here"
	case a.Needs&Files != 0 && (a.Needs&AnyStorage == 0 && s.unsound != "" || s.silent):
		return s.unsound
	case a.Needs&Faults != 0 && s.NoFaults:
		return noFaults
	case a.Needs&Content != 0 && len(s.content) == 0:
		return "no file that is there already was given"
	}
	return ""
}

// missing is the reason why a mechanism is not offered, or empty.
func (s *suite) missing(m mmapguard.Mechanism) string {
	for _, o := range s.offers {
		if o.Mechanism == m {
			return o.Reason
		}
	}
	return ""
}
