package cli

import (
	"bytes"
	"testing"
	"time"
)

func TestDurationText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                   "0 ns",
		999:                                 "999 ns",
		1500 * time.Nanosecond:              "1.50 µs",
		18790 * time.Nanosecond:             "18.8 µs",
		123456 * time.Nanosecond:            "123 µs",
		2 * time.Millisecond:                "2.00 ms",
		61*time.Second + 5*time.Millisecond: "61.0 s",
	} {
		if got := durationText(d); got != want {
			t.Errorf("%d ns is %q, want %q", d, got, want)
		}
	}
}

func TestBytesText(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 4 << 20: "4 MiB", 5 << 19: "2.5 MiB", 16 << 20: "16 MiB"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{12: "12 bytes", 1221: "1.2 KiB (1,221 bytes)"} {
		if got := exactBytes(n); got != want {
			t.Errorf("%d is exactly %q, want %q", n, got, want)
		}
	}
}

func TestWidth(t *testing.T) {
	s := &session{out: new(bytes.Buffer)}
	for columns, want := range map[string]int{"": plainWidth, "wide": plainWidth, "-3": plainWidth, "72": 72} {
		t.Setenv("COLUMNS", columns)
		if got := s.width(); got != want {
			t.Errorf("COLUMNS=%q: width %d, want %d", columns, got, want)
		}
	}
}

func TestOnlyTerminalsAreColoured(t *testing.T) {
	s := &session{out: new(bytes.Buffer)}
	if got := s.yesNo(true) + s.yesNo(false); got != "yesno" {
		t.Errorf("a file shows %q", got)
	}
}

func TestSizeFlag(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "4096": 4096, "64MiB": 64 << 20, "1GB": 1e9, "1.5KiB": 1536} {
		var f sizeFlag
		if err := f.Set(text); err != nil || int64(f) != want {
			t.Errorf("%s is %d, %v; want %d", text, f, err, want)
		}
	}
	for _, text := range []string{"", "-1", "many", "1XB", "16EiB"} {
		var f sizeFlag
		if err := f.Set(text); err == nil {
			t.Errorf("%q is taken as %d", text, f)
		}
	}
	f := sizeFlag(1024)
	if f.String() != "1 KiB" {
		t.Errorf("1024 bytes are shown as %q", f.String())
	}
}

func TestVersion(t *testing.T) {
	if got := (version{Version: "v1.2.3", Revision: "abc", Go: "go1", Platform: "a/b"}).String(); got != "mmapguard v1.2.3 (abc) go1 a/b" {
		t.Errorf("version is %q", got)
	}
	run(t, "--version").want(t, 0, "mmapguard ")
	if v := decode[version](t, run(t, "--version", "--json")); v.Go == "" || v.Platform == "" || v.Version == "" {
		t.Errorf("version in JSON is %+v", v)
	}
}
