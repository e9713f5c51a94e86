// Package filter says which system calls are wanted. A set of calls is decided
// before the program is stopped at all:
//
//	openat,mmap     these
//	all             all
//	%file           those of a class (see Classes)
//	/^mm/           those whose name a regular expression finds (RE2, unanchored)
//	!x              without x, which is any of these
//
// Items are taken from left to right; if the first one takes away, all calls
// are there to begin with. A condition is decided once the answer is known:
//
//	syscall in ["mmap", "munmap"] && ret < 0
//
// Its language is that of github.com/expr-lang/expr, its names those of Facts.
// Whatever is misspelt is an error that tells where, and what may be meant.
package filter
