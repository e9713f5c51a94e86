package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	var to, screen bytes.Buffer
	p := newProgress(&to, &screen, "dir/name", 4)
	if _, err := p.Write([]byte("ab")); err != nil {
		t.Fatal(err)
	}
	// More than was announced is the file's business, not an error.
	if _, err := p.Write([]byte("cdef")); err != nil {
		t.Fatal(err)
	}
	p.finish()
	if to.String() != "abcdef" {
		t.Errorf("written: %q", to.String())
	}
}

func TestProgressGate(t *testing.T) {
	var screen bytes.Buffer
	closed := &gate{&screen, time.Now().Add(time.Hour)}
	if n, err := closed.Write([]byte("early")); n != 5 || err != nil || screen.Len() > 0 {
		t.Errorf("a closed gate: %d, %v, %q", n, err, screen.String())
	}
	open := &gate{&screen, time.Now().Add(-time.Hour)}
	if n, err := open.Write([]byte("late")); n != 4 || err != nil || !strings.HasSuffix(screen.String(), "late") {
		t.Errorf("an open gate: %d, %v, %q", n, err, screen.String())
	}
}

func TestSizeOf(t *testing.T) {
	if n := sizeOf(file(t, "abc")); n != 3 {
		t.Errorf("a file of 3 bytes has %d", n)
	}
	for _, name := range []string{"-", t.TempDir(), "missing"} {
		if n := sizeOf(name); n != -1 {
			t.Errorf("%s has %d bytes", name, n)
		}
	}
}
