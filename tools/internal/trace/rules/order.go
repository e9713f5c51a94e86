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
		return b.hasFile && a.about(b.file)
	case Source:
		return b.source != nil && (a.descriptor == b.source || b.source.opened == a.event)
	case SourceInode:
		return b.source != nil && b.source.known && a.about(b.source.file)
	case Thread:
		return a.event.TID == b.event.TID
	}
	return false
}

// about tells whether a call was made with a descriptor of a file, or opened it.
func (a past) about(file inode) bool {
	if opened := a.event.RetFile; opened != nil && opened.Known {
		return inode{opened.Dev, opened.Ino} == file
	}
	return a.hasFile && a.file == file
}

// before tells what is missing before a call for each of the ways, one of which
// has to have been gone.
func before(p *process, ways []Way, now past) (missing string) {
	var all []string
	for _, way := range ways {
		at, lacks := start(p, way, now)
		if lacks == "" {
			lacks = follow(p, way.After, now, at)
		}
		if lacks == "" {
			return ""
		}
		all = append(all, lacks)
	}
	return strings.Join(all, "; or ")
}

// start finds from where on steps count. What was before this opening of the
// file does not: that was another handle's.
func start(p *process, way Way, now past) (at int, missing string) {
	for at = len(p.history) - 1; at >= 0; at-- {
		then := p.history[at]
		switch {
		case way.Since != nil && then.matches[way.Since.Event] && tied(way.Since.Same, then, now):
			return at, ""
		case way.Since == nil && now.descriptor != nil && now.descriptor.opened == then.event:
			return at, ""
		}
	}
	if way.Since != nil {
		return 0, way.Since.String()
	}
	return 0, "" // the opening was not a call that is looked at
}

// follow looks for steps in order, as early as each can be had, and tells the
// first that is missing.
func follow(p *process, steps []Step, now past, at int) (missing string) {
	for _, step := range steps {
		found := false
		for ; at < len(p.history) && !found; at++ {
			found = p.history[at].matches[step.Event] && tied(step.Same, p.history[at], now) && !undone(p, step, at)
		}
		if !found {
			return step.String()
		}
	}
	return ""
}

// String is like "locked, of the same file".
func (s Step) String() string { return fmt.Sprintf("%s, of the same %s", s.Event, s.Same) }

// undone tells whether what a step did was undone since.
func undone(p *process, step Step, at int) bool {
	if step.Unless == nil {
		return false
	}
	for _, later := range p.history[at+1:] {
		if later.matches[step.Unless.Event] && later.undoes(step.Unless.Same, p.history[at]) {
			return true
		}
	}
	return false
}

// undoes tells whether a call has to do with one before. Of several descriptors,
// any may be the one that does it: copy_file_range(2) writes to its second.
func (a past) undoes(tie Tie, done past) bool {
	if tie == Descriptor {
		return a.descriptor != nil && a.descriptor == done.descriptor
	}
	return done.hasFile && (a.about(done.file) || a.source != nil && a.source.known && a.source.file == done.file)
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
