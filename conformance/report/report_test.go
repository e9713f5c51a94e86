package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

// sample is a report with a verdict of every kind, and characters that XML and
// JSON have to escape.
func sample(name string) *Report {
	return &Report{
		Schema: Schema, Started: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC), Seconds: 1.5,
		Platform: Platform{Name: name, OS: "linux", Arch: "amd64", FileSystem: "ext4", PageSize: 4096},
		Offers: []Offer{
			{Mechanism: "flock", Guarantee: "Cooperative", Offered: true},
			{Mechanism: "lease", Guarantee: "Enforced", Offered: true},
			{Mechanism: "reflink", Guarantee: "Isolated", Reason: "no clones here"},
		},
		Results: []Result{
			{ID: "SR-1/a", Promise: "A holds.", Verdict: Held, Seconds: 0.25},
			{ID: "AV-2/b", Promise: "B holds.", Mechanism: "flock", Guarantee: "Cooperative", Verdict: Held},
			{ID: "AV-2/b", Promise: "B holds.", Mechanism: "lease", Guarantee: "Enforced", Verdict: Broken, Detail: `a <b> & "c"` + "\x01"},
			{ID: "AV-2/b", Promise: "B holds.", Mechanism: "reflink", Guarantee: "Isolated", Verdict: NotOffered, Detail: "no clones here"},
		},
	}
}

func TestJSONComesBack(t *testing.T) {
	var doc bytes.Buffer
	want := sample("here")
	if err := want.WriteJSON(&doc); err != nil {
		t.Fatal(err)
	}
	got, err := ReadJSON(&doc)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestReadJSONRefuses(t *testing.T) {
	for name, doc := range map[string]string{"nothing": "", "another schema": `{"schema": 2}`, "no report": "[]"} {
		if _, err := ReadJSON(strings.NewReader(doc)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestJUnit(t *testing.T) {
	var doc bytes.Buffer
	if err := sample("here").WriteJUnit(&doc); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal(doc.Bytes(), &got); err != nil {
		t.Fatalf("not well-formed: %v\n%s", err, doc.String())
	}
	if len(got.Suites) != 1 {
		t.Fatalf("%d suites, want 1", len(got.Suites))
	}
	s := got.Suites[0]
	if s.Tests != 4 || s.Failures != 1 || s.Skipped != 1 || s.Errors != 0 || len(s.Cases) != 4 {
		t.Errorf("got %d tests, %d failures, %d skipped, %d cases", s.Tests, s.Failures, s.Skipped, len(s.Cases))
	}
	failed := s.Cases[2]
	if failed.Name != "AV-2/b (lease)" || failed.Class != "conformance.AV-2" || failed.Failure == nil || failed.Failure.Text != "B holds." {
		t.Errorf("the broken promise is %+v", failed)
	}
	if !strings.Contains(failed.Failure.Message, `a <b> & "c"`) {
		t.Errorf("its message is %q", failed.Failure.Message)
	}
	if skipped := s.Cases[3]; skipped.Skipped == nil || skipped.Failure != nil {
		t.Errorf("what is not offered is %+v", skipped)
	}
}

func TestTable(t *testing.T) {
	text := written(t, sample("here").WriteTable)
	for _, want := range []string{"SR-1\n", "  a  held\n", "BROKEN (lease); held (flock)", "promised: B holds.", `seen with lease: a <b> & "c"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "reflink") {
		t.Errorf("the table tells what the summary does:\n%s", text)
	}
}

func TestTableTellsWhatIsNotOfferedAtAll(t *testing.T) {
	r := sample("here")
	r.Results = r.Results[3:]
	if text := written(t, r.WriteTable); !strings.Contains(text, "not offered (reflink): no clones here") {
		t.Errorf("got\n%s", text)
	}
}

func TestSummary(t *testing.T) {
	text := written(t, sample("here").WriteSummary)
	for _, want := range []string{
		"ext4 on here", "Cooperative  yes, by flock", "Enforced     BROKEN, by lease: 1 cases failed",
		"Isolated     no\n", "not by reflink: no clones here", "Immutable    no: no mechanism on linux provides it",
		"2 held, 1 broken, 1 not offered, in 1.5 s.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
