package faultfs

import (
	"reflect"
	"strings"
	"testing"
)

// FuzzParse reads specifications of faults. One is taken if each of its parts
// is, asks of every file what its parts ask, and for nothing that cannot be.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "eio=1", "*.bin@eio,short=100;size=-4096", "hang=3:5s,die", "nolock=enosys,nolease", "[@eio", "hang=-1s", "eio;;eio", "a@b@eio"} {
		f.Add(text, "data.bin")
	}
	f.Add("size=1;eio", "name@short=7,die")
	f.Fuzz(func(t *testing.T, text, name string) {
		spec, err := Parse(text)
		want, taken := inParts(text, name)
		if (err == nil) != taken {
			t.Fatalf("%q: %v; its parts are taken: %v", text, err, taken)
		}
		if err != nil {
			return
		}
		if spec.String() != text {
			t.Fatalf("%q is told as %q", text, spec)
		}
		got := spec.Faults(name)
		if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q asks of %q for %v, its parts for %v", text, name, got, want)
		}
		for _, fault := range got {
			if fault.Page < EveryPage || fault.Delay < 0 || fault.Kind == "short" && fault.Bytes < 0 {
				t.Fatalf("%q asks for %+v", text, fault)
			}
		}
	})
}

// inParts is the slow way: each part is a specification of its own.
func inParts(text, name string) (faults []Fault, taken bool) {
	own := Spec{}.Faults(name)
	faults = own
	parts := strings.Split(text, ";")
	for _, part := range parts {
		if part == "" && len(parts) > 1 {
			return nil, false
		}
		one, err := Parse(part)
		if err != nil {
			return nil, false
		}
		faults = append(faults, one.Faults(name)[len(own):]...)
	}
	return faults, true
}
