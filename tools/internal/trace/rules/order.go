package rules

import (
	"fmt"
	"strings"

	"github.com/mmapguard/go/tools/internal/trace/filter"
)

// debt is a step that still has to come.
type debt struct {
	rule Rule
	on   past
}

// tied tells whether two calls have in common what a step asks for.
func tied(tie Tie, a, b past) bool {
	switch tie {
	case Descriptor:
		// An opening is a call with a descriptor that it returns.
		return b.descriptor != nil && (a.descriptor == b.descriptor || b.descriptor.opened == a.event)
	case Inode:
		if b.hasFile && a.event.RetFile != nil && a.event.RetFile.Known {
			return inode{a.event.RetFile.Dev, a.event.RetFile.Ino} == b.file
		}
		return a.hasFile && b.hasFile && a.file == b.file
	case Thread:
		return a.event.TID == b.event.TID
	}
	return false
}

// before looks for steps in order, as early as each can be had, and tells the
// first that is missing. What was before this opening of the file does not
// count: that was another handle's.
func before(p *process, steps []Step, now past) (missing string) {
	at := 0
	for at < len(p.history) && now.descriptor != nil && now.descriptor.opened != nil && p.history[at].event != now.descriptor.opened {
		at++
	}
	if at == len(p.history) {
		at = 0 // the opening was not a call that is looked at
	}
	for _, step := range steps {
		found := false
		for ; at < len(p.history) && !found; at++ {
			found = p.history[at].matches[step.Event] && tied(step.Same, p.history[at], now) && !undone(p, step, at)
		}
		if !found {
			return fmt.Sprintf("%s, of the same %s", step.Event, step.Same)
		}
	}
	return ""
}

// undone tells whether what a step did was undone since.
func undone(p *process, step Step, at int) bool {
	if step.Unless == "" {
		return false
	}
	for _, later := range p.history[at+1:] {
		if later.matches[step.Unless] && later.descriptor != nil && later.descriptor == p.history[at].descriptor {
			return true
		}
	}
	return false
}

// settle sees whether a call is one that is owed, or one by which it had to be.
func (c *Checker) settle(p *process, r Rule, now past) {
	var left []debt
	for _, d := range p.owed {
		switch {
		case d.rule.ID != r.ID:
			left = append(left, d)
		case now.matches[r.Then.Event] && tied(r.Then.Same, now, d.on):
		case now.matches[r.Until] && tied(r.Then.Same, now, d.on):
			c.violated(r, now.event, fmt.Sprintf("missing before it: %s, after call %s", r.Then.Event, d.on.event.Call()))
		default:
			left = append(left, d)
		}
	}
	p.owed = left
}

// points begins and ends stretches. The name of one is the last part of the
// path of its call.
func (c *Checker) points(p *process, now past, facts filter.Facts) {
	name := facts.Path[strings.LastIndexAny(facts.Path, ":/")+1:]
	switch {
	case now.matches[c.set.file.Points.Begin]:
		p.marks[name] = c.serial
	case now.matches[c.set.file.Points.End]:
		since, begun := p.marks[name]
		if !begun {
			return
		}
		delete(p.marks, name)
		for _, r := range c.set.file.Rules {
			c.left(p, r, now, since)
		}
	}
}

// left finds what came to be since a stretch began.
func (c *Checker) left(p *process, r Rule, now past, since uint64) {
	for _, kind := range r.Gone {
		c.Looked[r.ID]++
		switch kind {
		case Descriptors:
			for _, d := range p.descriptors {
				if d.owned && d.serial > since {
					c.violated(r, now.event, fmt.Sprintf("descriptor %d is left, of %s = %s", d.fd, d.opened.Call(), d.opened.Result()))
				}
			}
		case Mappings:
			for _, m := range p.mappings {
				if m.serial > since {
					c.violated(r, now.event, fmt.Sprintf("a mapping at %#x is left, of %s", m.start, m.made.Call()))
				}
			}
		}
	}
}
