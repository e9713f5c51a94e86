// Package observed holds the tests that watch the library at the kernel's door:
// a part of the conformance suite runs under the rules of conformance/rules and
// is held to the profile of conformance/profile. They are the evidence that the
// assurance case cites; `just trace-check` runs the whole suite in the same way,
// on each file system.
package observed
