// Package rules checks a trace against temporal properties, which are data: what
// must come before a call, what after it, what must be gone between two points,
// and what must never be.
//
// A file of rules (YAML) has these parts:
//
//	owners:  packages whose calls are looked at; with none, all calls are
//	through: packages that only pass calls on, which then are their callers'
//	events:  names for conditions over a call (see package filter)
//	points:  conditions that begin and end a stretch; the argument is a name,
//	         which tells stretches apart
//	guards:  the events that take and that release a guard of a file
//	rules:   the properties
//
// A rule speaks of an event ("on"). "require" is a condition over the call
// itself. "after" lists events that have come before, in this order, since the
// descriptor of the call was opened, or since the last event of another kind
// ("since"). "unless" names what undoes such an event. "either" lists several
// ways, of which one will do. "then" is an event that has to come before "until"
// does. Each is tied to the call ("same"): by the descriptor it was made with
// (that opening, not just the number), by the file, by the thread, or, for a
// call that copies or clones, by the descriptor or the file of its source.
// "never" is an event that must not be. "gone" lists what of what came to be
// within a stretch must not be there at its end.
package rules
