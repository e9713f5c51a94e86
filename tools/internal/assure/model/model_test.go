package model

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// repository is the working copy that the package is in.
const repository = "../../../.."

// TestSchemaIsUpToDate compares what is written with what the types say.
func TestSchemaIsUpToDate(t *testing.T) {
	for name, generate := range map[string]func(*bytes.Buffer) error{
		"SCHEMA.md":   func(b *bytes.Buffer) error { return WriteSchema(b) },
		"schema.json": func(b *bytes.Buffer) error { return WriteJSONSchema(b) },
	} {
		var want bytes.Buffer
		if err := generate(&want); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(repository + "/" + Dir + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not what the types say; run: go run ./tools/cmd/assure schema", name)
		}
	}
}

// TestSchemaIsJSON proves that other programs can read it.
func TestSchemaIsJSON(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSONSchema(&b); err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Items struct{ Required []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(b.Bytes(), &schema); err != nil {
		t.Fatal(err)
	}
	if required := schema.Defs["countermeasures/*.yaml"].Items.Required; !slices.Contains(required, "mutants") {
		t.Errorf("a countermeasure requires %q, want mutants among them", required)
	}
}

// TestFrameworksAreComplete holds the rows against what is known of the lists:
// their sizes, and how their ids are made.
func TestFrameworksAreComplete(t *testing.T) {
	c, err := Load(os.DirFS(repository))
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string]map[string]int{ // rows by the beginning of their ids, or their level
		"ssdf":          {"PO.": 13, "PS.": 4, "PW.": 16, "RV.": 9},
		"cwe-top-25":    {"CWE-": 25},
		"owasp-top-10":  {"A": 10},
		"osps-baseline": {"OSPS-AC-": 6, "OSPS-BR-": 12, "OSPS-DO-": 8, "OSPS-GV-": 6, "OSPS-LE-": 5, "OSPS-QA-": 13, "OSPS-SA-": 4, "OSPS-VM-": 10},
		"slsa-build":    {"producer-": 3, "provenance-": 3, "isolation-": 2},
		"slsa-source":   {"": 14},
		"scorecard":     {"": 20},
	}
	for _, f := range c.Frameworks {
		for prefix, want := range groups[f.ID] {
			n := 0
			for _, row := range f.Rows {
				if strings.HasPrefix(row.ID, prefix) {
					n++
				}
			}
			if n != want {
				t.Errorf("%s has %d rows that begin with %q, want %d", f.ID, n, prefix, want)
			}
		}
		delete(groups, f.ID)
	}
	for id := range groups {
		t.Errorf("the framework %s is missing", id)
	}
}

func TestStateFollowsFromTheRow(t *testing.T) {
	by := []Ref{{Text: "CM-lock"}}
	for want, row := range map[State]Row{
		Addressed:     {By: by},
		Partial:       {By: by, Gap: "more"},
		NotAddressed:  {Gap: "all"},
		Residual:      {Residual: []Ref{{Text: "RR-root"}}},
		NotApplicable: {NotApplicable: "never"},
		"":            {},
	} {
		if got := row.State(); got != want {
			t.Errorf("%+v is %q, want %q", row, got, want)
		}
	}
	if got := (Row{By: by, Residual: by}).State(); got != Partial {
		t.Errorf("evidence with a residual risk is %q, want %q", got, Partial)
	}
}

func TestEvidenceIsTakenApart(t *testing.T) {
	e, err := Ref{Text: "test:mmapguard.TestX on linux,darwin needs root"}.Evidence()
	if err != nil || e.Key() != "test:mmapguard.TestX" || !e.Means("darwin") || e.Means("windows") || !slices.Equal(e.Needs, []string{"root"}) {
		t.Errorf("got %+v, %v", e, err)
	}
	for _, bad := range []string{"tset:mmapguard.TestX", "test:mmapguard.TestX on", "test:", "test:mmapguard.TestX in linux"} {
		if e, err := (Ref{Text: bad}).Evidence(); err == nil {
			t.Errorf("%q is taken for %+v", bad, e)
		}
	}
}

// TestLoadReportsEverythingAtOnce, each with its place.
func TestLoadReportsEverythingAtOnce(t *testing.T) {
	_, err := Load(fstest.MapFS{
		Dir + "/requirements.yaml": {Data: []byte("- id: SR-1\n  title: ''\n  statement: yes it is\n- id: SR-2\n")},
		Dir + "/mutants.yaml":      {Data: []byte("- name: a\n  name: b\n")},
		Dir + "/risks.yaml":        {Data: []byte("- 7\n---\n- 8\n")},
	})
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, want := range []string{
		Dir + `/requirements.yaml:2: "title" is empty`,
		Dir + `/requirements.yaml:4: "title" is missing`,
		Dir + `/mutants.yaml:2: mapping key "name" already defined at line 1`,
		Dir + "/risks.yaml:1: cannot unmarshal",
		Dir + "/threats.yaml: it is missing",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not told %q, but:\n%v", want, err)
		}
	}
}
