// Package flow follows bytes that a function was lent through its values: which
// of them refer to the lent memory, and where one leaves the function or meets
// something that cannot stand a fault.
//
// It knows one function at a time, together with the closures inside it, and
// asks the functions of the same package what they do with their parameters. A
// function of another package is taken to use what it is given and to keep
// nothing, unless the table in library.go says otherwise. So a report is about
// something that the code does; silence proves nothing.
package flow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Kind is what happens to lent bytes.
type Kind int

const (
	// Escape is a reference that outlives the function.
	Escape Kind = iota
	// Goroutine is a reference that another goroutine gets.
	Goroutine
	// Cgo is a reference that C code gets.
	Cgo
	// Straight is a channel send whose operand lies in the lent memory.
	Straight
	// UnsafeString is a string that shares the lent memory.
	UnsafeString
	// Print is a string in lent memory given to print or println.
	Print
	// MapKey is a string in lent memory used as the key of a map that may grow.
	MapKey
	// Write is a store into the lent memory.
	Write
	// returned and passed are for callers within the package: the function
	// returns a reference, or stores one in what a parameter points to.
	returned
	passed
)

// An Event is one thing that happens.
type Event struct {
	Kind Kind
	Pos  token.Pos
	// How completes "the bytes are …", as in "stored in field name".
	How string
	// Value is the reference, if the event is in the function itself.
	Value ssa.Value
	// param is the parameter that a passed event stores to.
	param int
}
