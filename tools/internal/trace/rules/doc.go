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
// itself. "after" lists events that have come before, in this order; "then" is
// one that has to come before "until" does. Each is tied to the call: by the
// descriptor it was made with (that opening, not just the number), by the file,
// or by the thread. "never" is an event that must not be. "gone" lists what of
// what came to be within a stretch must not be there at its end.
package rules
