package demo

import (
	"fmt"
	"os"
	"regexp"
)

// fatal finds what the Go runtime writes about a signal that it could not turn
// into a panic, before it ends the process itself.
var (
	fatalError  = regexp.MustCompile(`(?m)^fatal error: .*$`)
	fatalSignal = regexp.MustCompile(`\[signal (SIG[A-Z]+): ([a-z ]+?) code=`)
)

// causeOfDeath tells the signal, if there was one, and a sentence about it.
func causeOfDeath(state *os.ProcessState, stderr string) (signal, text string) {
	if name := killedBy(state); name != "" {
		return name, "killed by the kernel: " + state.String()
	}
	text = fatalError.FindString(stderr)
	if text == "" {
		return "", fmt.Sprintf("%s: %.200s", state, stderr)
	}
	if m := fatalSignal.FindStringSubmatch(stderr); m != nil {
		return m[1], fmt.Sprintf("%s (%s, %s), %s", text, m[1], m[2], state)
	}
	return "", fmt.Sprintf("%s, %s", text, state)
}
