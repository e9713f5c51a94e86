package peers

import "fmt"

// limit is something bad that mmapguard is known not to prevent in a column. A
// limit must show: one that does not is out of date.
type limit struct {
	hazard, peer string
	verdict      Verdict
	// told says that the library must at least tell when it is asked.
	told bool
}

// A guard against faults is not integrity, which Enforced is for, and Changed
// at least tells. A fault in the raw slice, a write to it and its use after
// Close are fatal.
var limits = []limit{
	{"shrink-in-page", cooperativeName, Wrong, true},
	{"rewrite", cooperativeName, Wrong, true},
	{"shrink-in-page", bytesName, Wrong, true},
	{"rewrite", bytesName, Wrong, true},
	{"truncate", bytesName, Crashed, false},
	{"io-error", bytesName, Crashed, false},
	{"use-after-close", bytesName, Crashed, false},
	{"stale-slice", bytesName, Crashed, false},
	{"close-in-read", bytesName, Crashed, false},
	{"write", bytesName, Crashed, false},
}

// Violations lists where mmapguard did something that it promises not to: a
// crash, a hang, a wrong byte, or a known limit that is gone.
func (r *Report) Violations() []string {
	var all []string
	for _, peer := range []string{cooperativeName, enforcedName, bytesName} {
		all = append(all, r.violationsOf(peer)...)
	}
	return all
}

func (r *Report) violationsOf(peer string) []string {
	var all []string
	for _, h := range r.Hazards {
		o, ok := r.Of(h.ID, peer)
		if !ok {
			all = append(all, fmt.Sprintf("%s against %s: no verdict", h.ID, peer))
			continue
		}
		if problem := o.problem(); problem != "" {
			all = append(all, fmt.Sprintf("%s against %s: %s", h.ID, peer, problem))
		}
	}
	return all
}

// problem compares an outcome with what is promised, or says nothing.
func (o Outcome) problem() string {
	for _, l := range limits {
		if l.hazard == o.Hazard && l.peer == o.Peer {
			return o.beyond(l)
		}
	}
	switch o.Verdict {
	case Fine, Failed, Absent, Skipped:
		return ""
	default:
		return string(o.Verdict) + ": " + o.Detail
	}
}

func (o Outcome) beyond(l limit) string {
	switch {
	case o.Verdict == Skipped:
		return ""
	case o.Verdict != l.verdict:
		return fmt.Sprintf("known as %s, seen as %s: %s", l.verdict, o.Verdict, o.Detail)
	case l.told && !o.Told:
		return "the library did not tell of the change: " + o.Detail
	default:
		return ""
	}
}
