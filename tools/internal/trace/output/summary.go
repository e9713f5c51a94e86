package output

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// tally counts one system call.
type tally struct {
	name   string
	calls  int
	errors int
	time   time.Duration
}

// summary counts calls, and writes nothing else.
type summary struct {
	*out
	calls map[string]*tally
}

// Begin implements Writer.
func (s *summary) Begin(*event.Event) bool { return true }

// Event implements Writer.
func (s *summary) Event(e *event.Event) {
	if e.Kind != event.Syscall {
		return
	}
	t := s.calls[e.Name]
	if t == nil {
		t = &tally{name: e.Name}
		s.calls[e.Name] = t
	}
	t.calls++
	t.time += e.Dur
	if e.Failed {
		t.errors++
	}
}

// Close implements Writer. The call that took longest comes first.
func (s *summary) Close() error {
	var list []*tally
	total := tally{name: "total"}
	for _, t := range s.calls {
		list = append(list, t)
		total.calls, total.errors, total.time = total.calls+t.calls, total.errors+t.errors, total.time+t.time
	}
	slices.SortFunc(list, func(a, b *tally) int {
		return cmp.Or(cmp.Compare(b.time, a.time), cmp.Compare(b.calls, a.calls), cmp.Compare(a.name, b.name))
	})
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "% time\tseconds\tusecs/call\tcalls\terrors\tsyscall\t")
	for _, t := range append(list, &total) {
		fmt.Fprintf(w, "%.2f\t%s\t%d\t%d\t%d\t%s\t\n", share(t.time, total.time), appendSeconds(nil, t.time),
			t.time.Microseconds()/int64(max(t.calls, 1)), t.calls, t.errors, t.name)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	s.record(b.Bytes())
	return s.close()
}

func share(part, whole time.Duration) float64 {
	const percent = 100
	if whole == 0 {
		return 0
	}
	return percent * float64(part) / float64(whole)
}
