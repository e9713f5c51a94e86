package profile

import (
	"fmt"
	"slices"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// Holder is a session's sink that holds packages to a profile: the process of a
// call that is not in it is killed before the kernel carries the call out.
type Holder struct {
	owners  []string
	allowed map[string]bool
	// Refused are the calls that were not in the profile, each once.
	Refused []*event.Event
	// Passed counts those that were.
	Passed int
	told   map[string]bool
}

// NewHolder makes a holder.
func NewHolder(p *Profile, owners []string) *Holder {
	h := &Holder{owners: owners, allowed: map[string]bool{}, told: map[string]bool{}}
	for _, c := range p.Library {
		h.allowed[c.key()] = true
	}
	return h
}

// Begin implements session.Sink.
func (h *Holder) Begin(e *event.Event) bool {
	if !slices.Contains(h.owners, e.Owner) {
		return true
	}
	if _, phase := phaseOf(e); phase {
		return true
	}
	key := CallOf(e).key()
	if h.allowed[key] {
		h.Passed++
		return true
	}
	if !h.told[key] {
		h.told[key] = true
		h.Refused = append(h.Refused, e)
	}
	return false
}

// Answers implements session.Picky: a call is judged as it begins.
func (h *Holder) Answers(*event.Event) bool { return false }

// Event implements session.Sink.
func (h *Holder) Event(*event.Event) {}

// Describe tells a call that was refused.
func Describe(e *event.Event) string {
	return fmt.Sprintf("%s is not in the profile, called in %s by process %d, which was killed", CallOf(e), e.Source, e.PID)
}
