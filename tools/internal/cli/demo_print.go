package cli

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/mmapguard/go/mmapguard"
	"github.com/mmapguard/go/tools/internal/cli/demo"
	"github.com/mmapguard/go/tools/internal/cli/table"
)

var errGuardedDied = errors.New("demo: a guarded reader died; that is a defect of mmapguard")

// demoVerdict is an error if what the library promises was not kept.
func demoVerdict(r *demo.Report) error {
	for _, row := range r.Rows {
		if row.Outcome == demo.Died && row.Opened.Guarantee != "" {
			return errGuardedDied
		}
	}
	return nil
}

func (s *session) printDemo(r *demo.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Another process cuts a file of %s down to %s while a reader has it open.\n",
		bytesText(r.FileSize), bytesText(r.TruncatedTo))
	fmt.Fprintf(&b, "The file is in %s (%s, %s/%s).\n\n", r.Directory, r.FileSystem, runtime.GOOS, runtime.GOARCH)
	t := table.Table{Header: []string{"reader", "outcome", "what it saw", "open", "memory"}, Flex: 2, Right: []int{3, 4}}
	for _, row := range r.Rows {
		t.Rows = append(t.Rows, s.demoRow(row))
	}
	if err := t.Render(&b, s.width()); err != nil {
		return err
	}
	b.WriteString(demoNotes)
	return s.printf("%s", b.String())
}

const demoNotes = `
open:   median of five openings.
memory: what the reader's process gained, not counting the pages of the file
        itself, which all its readers share.
`

func (s *session) demoRow(row demo.Row) []string {
	if row.Outcome == demo.Unavailable {
		// The outcome says "not available" already.
		why := strings.ReplaceAll(row.Reason, mmapguard.ErrUnsupported.Error()+": ", "")
		return []string{row.Reader, s.outcomeText(row), why, "", ""}
	}
	reader := row.Reader
	if row.Opened.Guarantee != "" {
		reader += "\n by " + row.Opened.Mechanism
	}
	return []string{reader, s.outcomeText(row), sawText(row), durationText(row.Opened.Cost), memoryText(row)}
}

func (s *session) outcomeText(row demo.Row) string {
	switch {
	case row.Outcome == demo.Unavailable:
		return s.paint(text.FgYellow, "not available")
	case row.Outcome == demo.Survived:
		return s.paint(text.FgGreen, "survived")
	case row.Signal != "":
		return s.paint(text.FgRed, "died of "+row.Signal)
	}
	return s.paint(text.FgRed, "died")
}

// sawText is what the reader saw, and what became of the writer if that was
// anything but a plain success.
func sawText(row demo.Row) string {
	words := row.Reason
	if seen := row.Seen; seen != nil {
		words = seenText(seen)
	}
	switch {
	case row.Writer.Error != "":
		words += "; the writer could not: " + row.Writer.Error
	case rescued(row):
		words += "; the writer waited " + durationText(row.Writer.Took)
	}
	return words
}

func seenText(seen *demo.Seen) string {
	switch {
	case seen.Error != "":
		return fmt.Sprintf("%s intact, then an error: %s", bytesText(seen.Intact), seen.Error)
	case seen.Wrong:
		return fmt.Sprintf("%s intact, then wrong bytes from offset %d", bytesText(seen.Intact), seen.Intact)
	}
	return "all " + bytesText(seen.Intact) + " intact"
}

// memoryText is what the reader cost in memory, and what more when the writer
// had come.
func memoryText(row demo.Row) string {
	before := row.Opened.Memory
	if before == nil {
		return "unknown"
	}
	if !rescued(row) {
		return bytesText(*before)
	}
	return bytesText(*before) + "\nthen " + bytesText(*row.Seen.Memory)
}

// rescued tells whether the reader took memory only when the writer came.
func rescued(row demo.Row) bool {
	before, seen := row.Opened.Memory, row.Seen
	return seen != nil && before != nil && seen.Memory != nil && *seen.Memory > *before+demo.FileSize/16
}
