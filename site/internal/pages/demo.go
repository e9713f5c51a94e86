package pages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// demonstration is what mmapguard demo --json prints, as far as the page shows
// it.
type demonstration struct {
	FileSystem  string `json:"fileSystem"`
	FileSize    int64  `json:"fileSize"`
	TruncatedTo int64  `json:"truncatedTo"`
	Readers     []struct {
		Reader  string `json:"reader"`
		Outcome string `json:"outcome"`
		Signal  string `json:"signal"`
		Reason  string `json:"reason"`
		Opened  struct {
			Mechanism string        `json:"mechanism"`
			Took      time.Duration `json:"openNanoseconds"`
			Memory    int64         `json:"memoryBytes"`
		} `json:"opened"`
		Seen struct {
			Intact int64  `json:"intactBytes"`
			Error  string `json:"error"`
			Wrong  bool   `json:"wrong"`
		} `json:"seen"`
	} `json:"readers"`
}

// demo runs the demonstration.
func (s *Source) demo(ctx context.Context, _ []string) (string, error) {
	printed, err := s.command(ctx, "go", "run", "./tools/cmd/mmapguard", "demo", "--json")
	if err != nil {
		return "", err
	}
	var d demonstration
	if err := json.Unmarshal([]byte(printed), &d); err != nil {
		return "", fmt.Errorf("reading what the demonstration printed: %w", err)
	}
	if len(d.Readers) == 0 {
		return "", errors.New("the demonstration had no readers")
	}
	return d.table(), nil
}

func (d *demonstration) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "On the machine that built this book (%s), another process cuts a file of %s down to %s while a reader has it open:\n\n", d.FileSystem, size(d.FileSize), size(d.TruncatedTo))
	b.WriteString("| reader | outcome | what it saw | opened in | memory |\n|---|---|---|--:|--:|\n")
	for _, r := range d.Readers {
		reader, outcome, saw := r.Reader, r.Outcome, "all "+size(r.Seen.Intact)+" intact"
		if r.Opened.Mechanism != "" {
			reader = fmt.Sprintf("%#q, by %s", r.Reader, r.Opened.Mechanism)
		}
		if r.Signal != "" {
			outcome = fmt.Sprintf("**%s of %s**", r.Outcome, r.Signal)
		}
		switch {
		case r.Reason != "":
			saw = r.Reason
		case r.Seen.Wrong:
			saw = size(r.Seen.Intact) + " intact, then wrong bytes"
		case r.Seen.Error != "":
			saw = size(r.Seen.Intact) + " intact, then an error: " + r.Seen.Error
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", reader, outcome, cell(saw), round(r.Opened.Took), size(r.Opened.Memory))
	}
	return b.String()
}

// size is a number of bytes as people read it.
func size(n int64) string {
	for _, unit := range []struct {
		name  string
		bytes int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if n >= unit.bytes {
			return fmt.Sprintf("%.3g %s", float64(n)/float64(unit.bytes), unit.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}

// round is a time with two or three digits.
func round(d time.Duration) time.Duration {
	unit := time.Nanosecond
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}

// cell fits a text into a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}
