package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// FuzzReadJSON reads documents of other machines. What is taken is of this
// schema, and is the same when it is written and read again.
func FuzzReadJSON(f *testing.F) {
	for _, text := range []string{
		`{"schema":1}`, `{"schema":2}`, `{}`, `{"schema":1}{"schema":1}`, `null`, `[]`, ``, `{"schema":1,"started":"2026-01-02T03:04:05Z","seconds":1.5}`,
		`{"schema":1,"results":[{"id":"SR-1/x","verdict":"held"},{"verdict":"no such"}],"mechanisms":[{"mechanism":"flock","offered":true}]}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := ReadJSON(strings.NewReader(text))
		if err != nil {
			return
		}
		if doc.Schema != Schema || !json.Valid([]byte(text)) {
			t.Fatalf("%q is of schema %d, or more than a document", text, doc.Schema)
		}
		var written bytes.Buffer
		if err := doc.WriteJSON(&written); err != nil {
			t.Fatalf("%q cannot be written again: %v", text, err)
		}
		again, err := ReadJSON(&written)
		if err != nil {
			t.Fatal(err)
		}
		if !doc.Started.Equal(again.Started) {
			t.Fatalf("%q starts at %v, then at %v", text, doc.Started, again.Started)
		}
		again.Started = doc.Started
		if !reflect.DeepEqual(doc, again) {
			t.Fatalf("%q is %+v, then %+v", text, doc, again)
		}
	})
}
