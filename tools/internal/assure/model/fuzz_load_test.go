package model

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"
)

// FuzzLoad reads a file of the case. Every mistake is told with its file and
// line; what is taken has no field that nobody knows, and knows where it stands.
func FuzzLoad(f *testing.F) {
	const file = Dir + "/risks.yaml"
	const whole = "- id: RR-1\n  title: a title\n  what: something\n  vectors: [AV-1]\n  accepted: why\n  users: do this\n  evidence:\n    - \"test:mmapguard.TestX\"\n  expires: 2027-01-31\n"
	f.Add(whole)
	f.Add(whole + "  no: such\n")
	for _, text := range []string{"", "- id: R-1\n  no: such\n", "- &a\n  id: *a\n", "--- 1\n--- 2\n", "- id: [1\n", "- id: R-1\n  id: R-2\n", "- <<: {id: x}\n"} {
		f.Add(text)
	}
	told := regexp.MustCompile(`^` + file + `:[0-9]+: .`)
	f.Fuzz(func(t *testing.T, text string) {
		var risks []Risk
		err := loadInto(reflect.ValueOf(&risks).Elem(), fstest.MapFS{file: {Data: []byte(text)}}, file)
		if err != nil {
			if first, _, _ := strings.Cut(err.Error(), "\n"); !told.MatchString(first) {
				t.Fatalf("%q: %q has no place", text, first)
			}
			return
		}
		last := 1 + strings.Count(text, "\n")
		for _, r := range risks {
			if r.File != file || r.Line < 1 || r.Line > last {
				t.Fatalf("%q: %s stands at %s:%d", text, r.ID, r.File, r.Line)
			}
		}
		var loose []map[string]any
		if err := yaml.Unmarshal([]byte(text), &loose); err != nil {
			t.Fatalf("%q is taken, and is no list of mappings: %v", text, err)
		}
		known := written(reflect.TypeFor[Risk]())
		for _, r := range loose {
			for key := range r {
				if !known[key] {
					t.Fatalf("%q is taken with %q", text, key)
				}
			}
		}
	})
}

// written are the names by which a structure's fields are written.
func written(typ reflect.Type) map[string]bool {
	names := map[string]bool{}
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("yaml"), ",")
		names[name] = true
	}
	return names
}
