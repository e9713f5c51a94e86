// Package here is a source file that a test may want to read.
package here
