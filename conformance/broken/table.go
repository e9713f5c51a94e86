package broken

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteTable writes which cases noticed which mutation.
func WriteTable(w io.Writer, outcomes []Outcome) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "broken build\tcaught by")
	for _, o := range outcomes {
		fmt.Fprintf(tw, "%s\t%s\n", o.Mutation.Name, o.text())
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	failed, leftOut := len(Failures(outcomes)), 0
	for _, o := range outcomes {
		if o.LeftOut != "" {
			leftOut++
		}
	}
	_, err := fmt.Fprintf(w, "\n%d broken builds, %d caught, %d left out, %d not caught.\n", len(outcomes), len(outcomes)-failed-leftOut, leftOut, failed)
	return err
}

func (o Outcome) text() string {
	switch {
	case o.Err != nil:
		return "ERROR: " + o.Err.Error()
	case o.LeftOut != "":
		return "left out: " + o.LeftOut
	case o.Survived():
		return "SURVIVED: " + o.Mutation.Breaks
	case o.Missed():
		return "not by " + o.Mutation.Expect + ", but by " + strings.Join(o.Caught, ", ")
	}
	return strings.Join(o.Caught, ", ")
}

// Failures are the outcomes that show a fault of the suite, or of the list of
// mutations.
func Failures(outcomes []Outcome) []Outcome {
	var failed []Outcome
	for _, o := range outcomes {
		if o.Err != nil || o.Survived() {
			failed = append(failed, o)
		}
	}
	return failed
}
