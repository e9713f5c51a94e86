package cli

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard"
	"github.com/mmapguard/go/tools/internal/cli/demo"
)

func TestDemo(t *testing.T) {
	dir := t.TempDir()
	report := decode[demo.Report](t, run(t, "demo", "--json", "--dir", dir))
	if len(report.Rows) != 2+len(mmapguard.Guarantees()) || report.Directory != dir {
		t.Fatalf("demo --json gives %+v", report)
	}
	for _, row := range report.Rows[1:] {
		if row.Outcome == demo.Died || row.Outcome == demo.Survived && (row.Seen == nil || row.Writer == nil) {
			t.Errorf("reader %+v", row)
		}
		if row.Outcome == demo.Unavailable && row.Reason == "" {
			t.Errorf("%s is not available, without a reason", row.Reader)
		}
	}
	if raw := report.Rows[0]; runtime.GOOS == "linux" && raw.Signal != "SIGBUS" {
		t.Errorf("the raw mapping: %+v", raw)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("demo leaves %v, %v", left, err)
	}
	run(t, "demo", "--dir", dir).want(t, 0, "\nos.ReadFile ")
	run(t, "demo", "--dir", file(t, "")).want(t, 1, "!mmapguard: demo: ")
}

// What never should happen is told as it is.
func TestDemoVerdict(t *testing.T) {
	died := demo.Row{Reader: "Cooperative", Outcome: demo.Died, Opened: &demo.Opened{Guarantee: "Cooperative"}}
	if err := demoVerdict(&demo.Report{Rows: []demo.Row{died}}); err == nil {
		t.Error("a guarded reader may die")
	}
	died.Opened.Guarantee = ""
	if err := demoVerdict(&demo.Report{Rows: []demo.Row{died}}); err != nil {
		t.Errorf("an unguarded reader may not die: %v", err)
	}
}

func TestDemoRow(t *testing.T) {
	amount := func(n int64) *int64 { return &n }
	survived := func(seen demo.Seen, writer demo.Writer) demo.Row {
		opened := &demo.Opened{Guarantee: "Enforced", Mechanism: "lease", Cost: time.Millisecond, Memory: amount(0)}
		return demo.Row{Reader: "Enforced", Outcome: demo.Survived, Opened: opened, Writer: &writer, Seen: &seen}
	}
	for _, c := range []struct {
		row  demo.Row
		want []string
	}{
		{survived(demo.Seen{Intact: 16 << 20, Memory: amount(16 << 20)}, demo.Writer{Took: 35 * time.Millisecond}),
			[]string{"Enforced\n by lease", "survived", "all 16 MiB intact; the writer waited 35.0 ms", "1.00 ms", "0 B\nthen 16 MiB"}},
		{survived(demo.Seen{Intact: 4 << 20, Wrong: true, Memory: amount(1)}, demo.Writer{Took: time.Minute, Error: "text file busy"}),
			[]string{"Enforced\n by lease", "survived", "4 MiB intact, then wrong bytes from offset 4194304; the writer could not: text file busy", "1.00 ms", "0 B"}},
		{demo.Row{Reader: "raw mapping", Outcome: demo.Died, Signal: "SIGBUS", Reason: "why", Opened: &demo.Opened{}, Writer: &demo.Writer{}},
			[]string{"raw mapping", "died of SIGBUS", "why", "0 ns", "unknown"}},
		{demo.Row{Reader: "raw mapping", Outcome: demo.Died, Reason: "why", Opened: &demo.Opened{}, Writer: &demo.Writer{}},
			[]string{"raw mapping", "died", "why", "0 ns", "unknown"}},
		{demo.Row{Reader: "Immutable", Outcome: demo.Unavailable, Reason: "no: a: unsupported: b; c: unsupported: d"},
			[]string{"Immutable", "not available", "no: a: b; c: d", "", ""}},
	} {
		got := (&session{}).demoRow(c.row)
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("row is %q, want %q", got, c.want)
		}
	}
}
