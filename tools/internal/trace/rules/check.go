package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/filter"
)

// Violation is a rule that was broken.
type Violation struct {
	Rule   Rule
	Event  *event.Event // the call that broke it
	Reason string
	// Around is the trace of the process before and after that, in order.
	Around []*event.Event
}

// around is how many calls of the process are shown before and after.
const (
	shownBefore = 15
	shownAfter  = 5
)

// Checker is a session's sink that checks rules. It wants births, deaths and
// descriptors' files, and lines if the rules name owners.
type Checker struct {
	set       *Set
	processes map[int]*process
	serial    uint64
	// Violations are the first of each rule, in order.
	Violations []*Violation
	// Every, if it is not nil, is told of all violations, without what is around.
	Every func(Rule, *event.Event)
	// Broken counts the violations of each rule, Looked how often it had
	// something to say.
	Broken, Looked map[string]int
	candidates     map[string][]string // events that a system call can be
	recent         map[int][]*event.Event
	gathering      []*Violation
	err            error
}

// NewChecker makes a checker.
func NewChecker(s *Set) *Checker {
	c := &Checker{
		set: s, processes: map[int]*process{}, Broken: map[string]int{}, Looked: map[string]int{},
		candidates: map[string][]string{}, recent: map[int][]*event.Event{},
	}
	for name, condition := range s.conditions {
		calls, _ := condition.Calls() // events are refused that do not name them
		for call := range calls {
			c.candidates[call] = append(c.candidates[call], name)
		}
	}
	return c
}

// Err is the first failure of a condition.
func (c *Checker) Err() error { return c.err }

// owned tells whether a call is one to look at.
func (c *Checker) owned(e *event.Event) bool {
	return len(c.set.file.Owners) == 0 || slices.Contains(c.set.file.Owners, e.Owner)
}

func (c *Checker) process(pid int) *process {
	p := c.processes[pid]
	if p == nil {
		p = newProcess()
		c.processes[pid] = p
	}
	return p
}

// Begin implements session.Sink. A call that takes away is judged as it begins.
func (c *Checker) Begin(e *event.Event) bool {
	if takesAway(e) {
		p := c.process(e.PID)
		e.Done = true // what it will be: neither fails on what is there
		c.judge(p, e)
		e.Done = false
		p.begins(e)
	}
	return true
}

// Answers implements session.Picky. Of calls that are not looked at only those
// count that change what is there, and those that set points.
func (c *Checker) Answers(e *event.Event) bool {
	return c.owned(e) || slices.Contains(stateCalls, e.Name) || c.setsPoints(e.Name)
}

func (c *Checker) setsPoints(call string) bool {
	points := c.set.file.Points
	return slices.Contains(c.candidates[call], points.Begin) || slices.Contains(c.candidates[call], points.End)
}

func takesAway(e *event.Event) bool {
	return e.Name == "close" || e.Name == "munmap" || e.Name == "close_range"
}

// Event implements session.Sink.
func (c *Checker) Event(e *event.Event) {
	switch e.Kind {
	case event.Birth:
		c.born(e)
	case event.Exec:
		c.processes[e.PID] = newProcess()
	case event.Death:
		if e.PID == e.TID {
			delete(c.processes, e.PID)
			delete(c.recent, e.PID)
		}
	case event.Syscall:
		c.remember(e)
		p := c.process(e.PID)
		if takesAway(e) {
			return
		}
		c.judge(p, e)
		if e.Done && !e.Failed {
			c.serial++
			p.follows(e, c.owned(e), c.serial)
		}
	case event.Signal:
	}
}

// born gives a new process the state of its parent; a new thread shares it.
func (c *Checker) born(e *event.Event) {
	if e.PID != e.TID {
		return
	}
	if parent := c.processes[e.Parent]; parent != nil {
		c.processes[e.PID] = parent.child()
	}
}

// remember keeps the last calls of each process, and adds to what is shown of a
// violation.
func (c *Checker) remember(e *event.Event) {
	c.recent[e.PID] = append(c.recent[e.PID], e)
	if recent := c.recent[e.PID]; len(recent) > shownBefore {
		c.recent[e.PID] = slices.Clone(recent[len(recent)-shownBefore:])
	}
	c.gathering = slices.DeleteFunc(c.gathering, func(v *Violation) bool {
		if v.Event.PID != e.PID || v.Event == e {
			return false
		}
		v.Around = append(v.Around, e)
		return v.after() >= shownAfter
	})
}

// after counts what is shown after the violation.
func (v *Violation) after() int {
	return len(v.Around) - 1 - slices.Index(v.Around, v.Event)
}

// judge asks all rules about a call.
func (c *Checker) judge(p *process, e *event.Event) {
	facts := filter.FactsOf(e)
	d, source := p.of(e)
	now := past{event: e, descriptor: d, source: source, matches: map[string]bool{}}
	if d != nil {
		now.file, now.hasFile, facts.Guarded = d.file, d.known, d.guard
		if d.known {
			facts.Maps, facts.Guards = p.counts(d.file)
		}
	}
	// Points are set by those who are looked at and by others.
	for _, name := range []string{c.set.file.Points.Begin, c.set.file.Points.End} {
		if slices.Contains(c.candidates[e.Name], name) {
			c.match(&now, name, &facts)
		}
	}
	c.points(p, now, facts)
	if !c.owned(e) {
		return
	}
	for _, name := range c.candidates[e.Name] {
		c.match(&now, name, &facts)
	}
	for _, r := range c.set.file.Rules {
		c.apply(p, r, now, &facts)
	}
	c.guard(now)
	if len(now.matches) > 0 || e.RetFile != nil { // no other can be a step, or where steps begin
		p.history = append(p.history, now)
	}
}

// match finds out whether a call is an event.
func (c *Checker) match(now *past, name string, facts *filter.Facts) {
	if condition := c.set.conditions[name]; condition != nil && c.holds(condition, facts) {
		now.matches[name] = true
	}
}

func (c *Checker) holds(condition *filter.Condition, facts *filter.Facts) bool {
	holds, err := condition.Holds(facts)
	if err != nil && c.err == nil {
		c.err = err
	}
	return holds
}

// guard follows guards that are taken and released.
func (c *Checker) guard(now past) {
	if now.descriptor == nil {
		return
	}
	switch {
	case now.matches[c.set.file.Guards.Taken]:
		now.descriptor.guard = true
	case now.matches[c.set.file.Guards.Released]:
		now.descriptor.guard = false
	}
}

// apply asks a rule.
func (c *Checker) apply(p *process, r Rule, now past, facts *filter.Facts) {
	if r.Then != nil {
		c.settle(p, r, now)
	}
	switch {
	case r.Never != "":
		c.Looked[r.ID]++
		if now.matches[r.Never] {
			c.violated(r, now.event, "this must never be")
		}
	case r.On == "" || !now.matches[r.On]:
	case r.Require != "":
		c.Looked[r.ID]++
		if !c.holds(c.set.required[r.ID], facts) {
			c.violated(r, now.event, "not so: "+r.Require)
		}
	case r.After != nil, r.Either != nil:
		c.Looked[r.ID]++
		if missing := before(p, r.ways(), now); missing != "" {
			c.violated(r, now.event, "missing before it: "+missing)
		}
	case r.Then != nil:
		c.Looked[r.ID]++
		p.owed = append(p.owed, debt{r, now})
	}
}

// violated takes a violation down.
func (c *Checker) violated(r Rule, e *event.Event, reason string) {
	c.Broken[r.ID]++
	if c.Every != nil {
		c.Every(r, e)
	}
	if c.Broken[r.ID] > 1 {
		return
	}
	v := &Violation{Rule: r, Event: e, Reason: reason, Around: slices.Clone(c.recent[e.PID])}
	if !slices.Contains(v.Around, e) {
		v.Around = append(v.Around, e)
	}
	c.Violations = append(c.Violations, v)
	c.gathering = append(c.gathering, v)
}

// String tells the violation with the trace around it.
func (v *Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "rule %s", v.Rule.ID)
	if v.Rule.Requirement != "" {
		fmt.Fprintf(&b, " (%s)", v.Rule.Requirement)
	}
	fmt.Fprintf(&b, " is broken: %s\n  %s\n", v.Rule.Text, v.Reason)
	for _, e := range v.Around {
		mark := "   "
		if e == v.Event {
			mark = "-> "
		}
		fmt.Fprintf(&b, "%s[pid %d] %.6f %s = %s", mark, e.TID, e.At.Seconds(), e.Call(), e.Result())
		if e.Source != "" {
			fmt.Fprintf(&b, "  %s", e.Source)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
