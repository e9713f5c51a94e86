// Package model is the plain reading of the library's documentation: what a
// request on a file must come to, and what the bytes of a file are after what
// was done to it. It knows nothing of mappings; it is what the fuzzers compare
// the library with.
package model
