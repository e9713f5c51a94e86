package main

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
)

// reports reads the JSON that go vet and the command write: by package and by
// analyzer, each with a position. Lines of go vet's own begin with #.
func reports(t *testing.T, out string) map[string]map[int]bool {
	t.Helper()
	var text strings.Builder
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "#") {
			text.WriteString(line)
		}
	}
	found := map[string]map[int]bool{}
	for d := json.NewDecoder(strings.NewReader(text.String())); ; {
		var packages map[string]map[string][]struct{ Posn, Message string }
		if err := d.Decode(&packages); errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		for _, analyzers := range packages {
			for name, list := range analyzers {
				for _, r := range list {
					add(t, found, name, r.Posn)
				}
			}
		}
	}
}

// add takes the line out of file:line:column.
func add(t *testing.T, found map[string]map[int]bool, name, posn string) {
	t.Helper()
	parts := strings.Split(posn, ":")
	line, err := strconv.Atoi(parts[len(parts)-2])
	if err != nil {
		t.Fatal(err)
	}
	if found[name] == nil {
		found[name] = map[int]bool{}
	}
	found[name][line] = true
}
