package peers

import (
	"slices"
	"strings"
)

// Verdict is what became of a program that met a hazard.
type Verdict string

const (
	// Fine: only right bytes were seen, and nothing else happened.
	Fine Verdict = "fine"
	// Failed: the peer returned an error, and no wrong byte.
	Failed Verdict = "error"
	// Wrong: bytes that are not the file's were returned as if they were.
	Wrong Verdict = "wrong"
	// Crashed: the process died of a signal, a fatal error or a panic.
	Crashed Verdict = "crash"
	// Hung: nothing came back in time.
	Hung Verdict = "hang"
	// Absent: the peer has nothing that the hazard could touch.
	Absent Verdict = "absent"
	// Skipped: the hazard could not be staged on this machine.
	Skipped Verdict = "skipped"
)

// Outcome is one cell of the table.
type Outcome struct {
	Hazard  string  `json:"hazard"`
	Peer    string  `json:"peer"`
	Verdict Verdict `json:"verdict"`
	// Cell is the verdict in one word: a crash by its signal.
	Cell string `json:"cell"`
	// Detail is what was seen, in words.
	Detail string `json:"detail"`
	// Told means that the peer itself, asked, said that the file had changed.
	Told bool `json:"told,omitempty"`
}

// outcome derives the verdict: the way the process ended counts first, then
// what it saw, the worst of it.
func (s *stage) outcome(e *ending) Outcome {
	o := s.witness(e)
	switch {
	case e.timedOut:
		o.Verdict, o.Cell, o.Detail = Hung, "hang", hangWords(e)
	case !e.finishedWell():
		word, words := e.death()
		o.Verdict, o.Cell = Crashed, word
		o.Detail = strings.Join(append(s.wrongs(e), "in "+e.lastStep()+": "+words), "; ")
	}
	if o.Told {
		o.Cell += "*"
	}
	return o
}

func hangWords(e *ending) string {
	words := "in " + e.lastStep() + ": no answer until the time limit"
	if fn := e.hangsIn(); fn != "" {
		words += ", waiting in " + fn
	}
	return words
}

// witness is the outcome as far as the child's own events tell it.
func (s *stage) witness(e *ending) Outcome {
	o := Outcome{Verdict: Fine}
	var words []string
	note := func(text string) {
		if text != "" && !slices.Contains(words, text) {
			words = append(words, text)
		}
	}
	for _, ev := range e.events {
		v, text := s.weigh(ev)
		o.Verdict = worse(o.Verdict, v)
		o.Told = o.Told || ev.Kind == toldChange
		note(text)
	}
	if e.damage != "" {
		o.Verdict = Wrong
		note(e.damage)
	}
	o.Cell, o.Detail = string(o.Verdict), strings.Join(words, "; ")
	if o.Verdict == Absent {
		o.Cell = "-"
	}
	return o
}

// weigh turns one event into a verdict and words.
func (s *stage) weigh(ev event) (Verdict, string) {
	switch ev.Kind {
	case sawBytes:
		right, words := s.judge(ev.Saw)
		if !right {
			return Wrong, ev.Op + ": " + words
		}
		return Fine, ev.Op + ": " + words
	case gotError:
		return Failed, ev.Op + ": " + ev.Text
	case lacks:
		return Absent, ev.Text
	case measured, toldChange:
		return Fine, ev.Op + ": " + ev.Text
	default:
		return Fine, ""
	}
}

// wrongs lists the wrong bytes a child saw before it died.
func (s *stage) wrongs(e *ending) []string {
	var words []string
	for _, ev := range e.events {
		if v, text := s.weigh(ev); v == Wrong {
			words = append(words, text)
		}
	}
	return words
}

// worse orders what events can say.
func worse(a, b Verdict) Verdict {
	order := []Verdict{Fine, Failed, Absent, Wrong}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}
