package peers

import (
	"regexp"
	"strings"
)

// ending is everything a parent knows about a child that is gone.
type ending struct {
	events []event
	// state is how the process ended, as os.ProcessState says it.
	state string
	// clean means exit code 0, broken that the harness failed inside the child.
	clean, broken bool
	// timedOut means that the child had to be ended.
	timedOut bool
	stderr   string
	// damage is what happened to the file itself, if anything did.
	damage string
}

// What the Go runtime prints as it dies. It exits with code 2 then, so that the
// signal is to be had from nowhere else.
var (
	signalLine = regexp.MustCompile(`(?m)^\[signal (SIG[A-Z]+)`)
	fatalLine  = regexp.MustCompile(`(?m)^fatal error: (.*)$`)
	panicLine  = regexp.MustCompile(`(?m)^panic: (.*)$`)
	address    = regexp.MustCompile(`0x[0-9a-f]{4,}`)
)

// death says in one word and in a few what killed the child.
func (e *ending) death() (word, words string) {
	signal := match(signalLine, e.stderr)
	switch fatal, panicked := match(fatalLine, e.stderr), match(panicLine, e.stderr); {
	case fatal != "":
		word, words = "fatal", "fatal error: "+fatal
	case panicked != "":
		word, words = "panic", "panic: "+panicked
	default:
		word, words = "dead", e.state
	}
	if signal != "" {
		word, words = signal, words+" ["+signal+"]"
	}
	return word, address.ReplaceAllString(words, "0x…")
}

func match(re *regexp.Regexp, s string) string {
	if m := re.FindStringSubmatch(s); m != nil {
		return strings.TrimSpace(m[1])
	}
	return ""
}

// lastStep is the step the child was taking when it ended.
func (e *ending) lastStep() string {
	step := "start"
	for _, ev := range e.events {
		if ev.Kind == began {
			step = ev.Op
		}
	}
	return step
}

// finishedWell means that the child came to its end and said so.
func (e *ending) finishedWell() bool {
	n := len(e.events)
	return e.clean && !e.timedOut && n > 0 && e.events[n-1].Kind == finished
}

// mainStack is the stack of the first goroutine in the dump that a timed-out
// child is made to print: what it hangs in.
var mainStack = regexp.MustCompile(`(?ms)^goroutine 1 .*?\n(.*?)\n\n`)

// hangsIn names the outermost function outside this package that the main
// goroutine is in, or "" if the dump does not tell.
func (e *ending) hangsIn() string {
	found := ""
	for _, line := range strings.Split(match(mainStack, e.stderr), "\n") {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		if strings.Contains(line, "conformance/peers") {
			break
		}
		// Anything but a call is the runtime's word on why it cannot tell.
		if name, _, isCall := strings.Cut(line, "("); isCall {
			found = name
		}
	}
	return found
}
