//go:build race

package conformance

// raceDetector tells that the compiler lets a detector look at memory before
// the program does, which faults where the program can be told.
const raceDetector = true
