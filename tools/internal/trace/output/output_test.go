package output_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/output"
)

func call(tid int, name string, at time.Duration) *event.Event {
	return &event.Event{
		Kind: event.Syscall, Seq: uint64(at), PID: 1, TID: tid, At: at, Name: name, Source: "main.go:7",
		Args: []event.Arg{{Name: "fd", Raw: 3, Text: "3", File: &event.File{Path: "/a,\"b\""}}, {Name: "mode", Text: "0", Hidden: true}},
	}
}

func answer(e *event.Event, ret int64, errno string) *event.Event {
	e.Done, e.Ret, e.RetText, e.Errno, e.Failed, e.Dur = true, ret, "5", errno, errno != "", 1500*time.Nanosecond
	return e
}

// written tells a writer a call of one thread during which another makes one that
// fails, a signal, and a last call without an answer.
func written(t *testing.T, format output.Format, o output.Options) (string, error) {
	t.Helper()
	var b bytes.Buffer
	w := output.New(format, &b, o)
	first, second, last := call(1, "read", 1e6), call(2, "fstat", 2e6), call(1, "exit_group", 5e6)
	w.Begin(first)
	w.Begin(second)
	w.Event(answer(second, -2, "ENOENT"))
	w.Event(answer(first, 5, ""))
	w.Event(&event.Event{Kind: event.Signal, PID: 1, TID: 1, At: 4e6, Name: "SIGBUS", Detail: "si_addr=0x1000"})
	w.Begin(last)
	w.Event(last)
	w.Event(&event.Event{Kind: event.Death, PID: 1, TID: 1, At: 6e6, Status: 3})
	err := w.Close()
	return b.String(), err
}

const wantText = `0.001000 read(3</a,"b"> <unfinished ...>
[pid 2] 0.002000 fstat(3</a,"b">) = -1 ENOENT <0.000001>  main.go:7
[pid 1] 0.001000 <... read resumed>) = 5 <0.000001>  main.go:7
[pid 1] 0.004000 --- SIGBUS {si_addr=0x1000} ---
[pid 1] 0.005000 exit_group(3</a,"b">) = ?  main.go:7
[pid 1] 0.006000 +++ exited with 3 +++
`

func TestText(t *testing.T) {
	if got, err := written(t, output.Text, output.Options{}); err != nil || got != wantText {
		t.Errorf("%v\n%s\nwant\n%s", err, got, wantText)
	}
	got, err := written(t, output.Text, output.Options{Complete: true})
	if err != nil || strings.Contains(got, "unfinished") || !strings.Contains(got, `read(3</a,"b">) = 5`) {
		t.Errorf("%v\n%s", err, got)
	}
}

// Every line has the keys that are promised.
func TestJSON(t *testing.T) {
	got, err := written(t, output.JSON, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(got), "\n")
	if len(lines) != 5 {
		t.Fatalf("%d lines", len(lines))
	}
	var record map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &record); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"name", "args", "ret", "errno", "pid", "tid", "seq", "t", "dur", "source"} {
		if _, ok := record[key]; !ok {
			t.Errorf("no %q in %s", key, lines[0])
		}
	}
	var last output.Record
	if err := json.Unmarshal([]byte(lines[3]), &last); err != nil || last.Ret != nil || last.Name != "exit_group" {
		t.Errorf("%v: a call without an answer is %s", err, lines[3])
	}
	if !strings.Contains(lines[4], `"status":3`) {
		t.Errorf("a death is %s", lines[4])
	}
}

func TestCSV(t *testing.T) {
	got, err := written(t, output.CSV, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 6 || rows[1][5] != "fstat" || rows[1][6] != `3</a,"b">` || rows[1][8] != "ENOENT" {
		t.Errorf("%q", rows)
	}
}

func TestSummary(t *testing.T) {
	got, err := written(t, output.Summary, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(got), "\n")
	if len(lines) != 5 || !strings.Contains(lines[4], "3       1") || !strings.Contains(lines[4], "total") {
		t.Errorf("\n%s", got)
	}
}

// The limit cuts no record in two, and says so.
func TestLimit(t *testing.T) {
	for limit := range int64(len(wantText) + 1) {
		if limit == 0 {
			continue
		}
		got, err := written(t, output.Text, output.Options{Limit: limit})
		full := limit < int64(len(wantText))
		if full != errors.Is(err, output.ErrFull) || int64(len(got)) > limit || !strings.HasPrefix(wantText, got) || got != "" && !strings.HasSuffix(got, "\n") {
			t.Fatalf("limit %d: %v, %q", limit, err, got)
		}
	}
}

// failing is a file that is full.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestWriteError(t *testing.T) {
	for _, format := range []output.Format{output.Text, output.JSON, output.CSV, output.Summary} {
		w := output.New(format, failing{}, output.Options{})
		w.Event(answer(call(1, "read", 1), 1, ""))
		if err := w.Close(); err == nil || !strings.Contains(err.Error(), "full") {
			t.Errorf("%s: %v", format, err)
		}
	}
}
