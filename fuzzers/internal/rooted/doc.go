// Package rooted opens names under an os.Root in which links lead everywhere,
// and compares with a walk that takes one component after the other through a
// tree that it has in memory: what is not in that tree cannot be reached.
package rooted
