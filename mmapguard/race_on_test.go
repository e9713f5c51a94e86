//go:build race

package mmapguard_test

// raceDetector tells that the compiler has instrumented the code.
const raceDetector = true
