package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/mmapguard/go/conformance/report"
)

func TestMergeOfReports(t *testing.T) {
	dir := t.TempDir()
	save := func(name string, results ...report.Result) string {
		path := filepath.Join(dir, name)
		doc := docOf(results...)
		doc.Platform.Name = name
		var text bytes.Buffer
		if err := doc.WriteJSON(&text); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sound, broken, all := save("sound", held), save("broken", wrongByte), filepath.Join(dir, "all.json")
	for _, test := range []struct {
		args   []string
		status int
	}{
		{[]string{sound}, exitHeld},
		{[]string{"--json", all, sound, broken}, exitBroken},
		{nil, exitUnable},
		{[]string{filepath.Join(dir, "none")}, exitUnable},
		{[]string{os.Args[0]}, exitUnable},
	} {
		null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		status, err := merge(test.args, null)
		if status != test.status || (status == exitUnable) != (err != nil) {
			t.Errorf("%q: status %d, %v, want %d", test.args, status, err, test.status)
		}
		if err := null.Close(); err != nil {
			t.Error(err)
		}
	}
	var m matrix
	text, err := os.ReadFile(all)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil || len(m.Rows) != 2 || m.Rows[0].Name != "sound" || m.Rows[1].Report.Count(report.Broken) != 1 {
		t.Errorf("merged: %+v, %v", m, err)
	}
}
