// Package leaks counts what a closed handle must have given back: descriptors,
// maps and goroutines of this process.
package leaks
