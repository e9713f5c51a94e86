// Package lifecycle runs sequences of operations on handles and on their file,
// by two goroutines of this process and by another process, and compares every
// step with the model of what the library documents.
//
// An input is a byte of settings, the file's size and seed, and then the
// operations: a byte that says who and what (see ops), and the bytes that the
// operation takes. Whatever the bytes are, they mean something.
//
// The goroutines, called actors, stand inside their views: each has a stack of
// nested ones, and every operation is done at its top. So a handle is closed
// inside its own view or inside that of the other actor, opened inside a view,
// and left by a return, a fault, a panic or runtime.Goexit through any number
// of views. One operation is done at a time, so that the model knows its order;
// the races between them are tried elsewhere (the library's soak tests).
package lifecycle
