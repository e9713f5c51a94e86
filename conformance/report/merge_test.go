package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// merged is a broken platform beside one that lacks a case and has another.
func merged() *Matrix {
	other := sample("there")
	other.Results = []Result{
		{ID: "AV-2/b", Promise: "B holds.", Verdict: NotOffered, Detail: "read-only"},
		{ID: "TRAP-9/c", Promise: "C holds.", Verdict: Held},
	}
	return Merge(sample("here"), other)
}

func TestMerge(t *testing.T) {
	m := merged()
	if len(m.Platforms) != 2 || len(m.Rows) != 3 {
		t.Fatalf("%d platforms and %d rows, want 2 and 3", len(m.Platforms), len(m.Rows))
	}
	want := [][2]string{{Held, ""}, {Broken, NotOffered}, {"", Held}}
	for i, row := range m.Rows {
		if got := [2]string{row.Cells[0].Verdict, row.Cells[1].Verdict}; got != want[i] {
			t.Errorf("%s: %q, want %q", row.ID, got, want[i])
		}
	}
	if c := m.Rows[1].Cells[0]; c.Held != 1 || c.Broken != 1 || c.NotOffered != 1 {
		t.Errorf("the counts are %+v, want one of each", c)
	}
	if broken := m.Broken(); len(broken) != 1 || broken[0].ID != "AV-2/b" {
		t.Errorf("broken rows: %+v", broken)
	}
}

func TestMatrixText(t *testing.T) {
	text := written(t, merged().WriteText)
	for _, want := range []string{"1: here", "2: there", "BROKEN 1 of 2  –", "AV-2/b: B holds.", "here: ["} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestMatrixJSON(t *testing.T) {
	var doc bytes.Buffer
	if err := merged().WriteJSON(&doc); err != nil {
		t.Fatal(err)
	}
	var got Matrix
	if err := json.Unmarshal(doc.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 3 || got.Rows[1].Cells[0].Verdict != Broken || got.Schema != Schema {
		t.Errorf("got %+v", got)
	}
}

func TestMergeOfNothing(t *testing.T) {
	if text := written(t, Merge().WriteText); !strings.Contains(text, "case") {
		t.Errorf("got %q", text)
	}
}
