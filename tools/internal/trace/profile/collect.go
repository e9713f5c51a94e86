package profile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// PhasePrefix begins the name of a file that there is not: a program looks for
// it to tell what it does from there on, such as which mechanism it tries.
const PhasePrefix = "guardtrace:phase:"

// Collector is a session's sink that derives a profile. It wants lines.
type Collector struct {
	Owners []string // the packages that are looked at
	Arch   string
	// Phase is that of programs that do not tell.
	Phase  string
	phases map[int]string // by process
	seen   [2]map[string]*found
}

// found is a call that was seen, and in which phases.
type found struct {
	call   Call
	phases map[string]bool
}

const (
	ofLibrary = iota
	ofRuntime
)

// NewCollector makes a collector.
func NewCollector(arch string, owners []string) *Collector {
	return &Collector{
		Owners: owners, Arch: arch, phases: map[int]string{},
		seen: [2]map[string]*found{{}, {}},
	}
}

// Begin implements session.Sink. Calls count when they are made, answered or
// not.
func (c *Collector) Begin(e *event.Event) bool {
	if phase, ok := phaseOf(e); ok {
		c.phases[e.PID] = phase
		return true
	}
	whose, ok := c.whose(e)
	if !ok {
		return true
	}
	call := CallOf(e)
	key := call.key()
	if c.seen[whose][key] == nil {
		c.seen[whose][key] = &found{call, map[string]bool{}}
	}
	if phase := cmp.Or(c.phases[e.PID], c.Phase); phase != "" && whose == ofLibrary {
		c.seen[whose][key].phases[phase] = true
	}
	return true
}

// whose tells whether a call is the library's, the runtime's, or neither.
func (c *Collector) whose(e *event.Event) (whose int, ok bool) {
	switch {
	case slices.Contains(c.Owners, e.Owner):
		return ofLibrary, true
	case e.Owner == "" && len(e.Frames) > 0:
		return ofRuntime, true
	}
	return 0, false
}

// Answers implements session.Picky: what was asked for counts.
func (c *Collector) Answers(*event.Event) bool { return false }

func phaseOf(e *event.Event) (string, bool) {
	for _, a := range e.Args {
		if phase, ok := strings.CutPrefix(a.Path, PhasePrefix); ok {
			return phase, true
		}
	}
	return "", false
}

// CallOf is a call with its flags.
func CallOf(e *event.Event) Call {
	call := Call{Syscall: e.Name}
	for i, a := range e.Args {
		if a.Flag && !a.Hidden {
			call.Args = append(call.Args, Arg{Index: i, Name: a.Name, Value: a.Raw, Text: a.Text})
		}
	}
	return call
}

// Event implements session.Sink.
func (c *Collector) Event(e *event.Event) {
	if e.Kind == event.Death && e.PID == e.TID {
		delete(c.phases, e.PID)
	}
}

// Profile is what was seen.
func (c *Collector) Profile() *Profile {
	return &Profile{Arch: c.Arch, Library: list(c.seen[ofLibrary]), Runtime: list(c.seen[ofRuntime])}
}

func list(seen map[string]*found) []Call {
	var calls []Call
	for _, f := range seen {
		for phase := range f.phases {
			f.call.For = append(f.call.For, phase)
		}
		slices.Sort(f.call.For)
		calls = append(calls, f.call)
	}
	return join(calls)
}
