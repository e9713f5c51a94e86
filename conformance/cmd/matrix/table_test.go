package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	names := map[string]bool{}
	for _, r := range choose(nil) {
		if names[r.name] || r.timeout <= 0 || r.start == nil {
			t.Errorf("%s is there twice, or cannot be run", r.name)
		}
		names[r.name] = true
	}
	for _, name := range []string{
		"fs/ext4", "fs/tmpfs", "fs/xfs", "fs/btrfs", "fs/overlayfs", "fs/squashfs", "fs/erofs",
		"fuse/eio-first", "fuse/short", "fuse/size-more", "fuse/hang", "fuse/die", "fuse/nolock", "fuse/nolease",
		"cpu/386", "wine/windows", "user/riscv64", "vm/x86-64/ext4-verity", "vm/x86-64/f2fs", "vm/x86-64/ext4-error",
		"vm/arm64", "vm/ppc64le", "vm/s390x", "go/go1.25.0", "go/local", "go/go1.27.1",
	} {
		if !names[name] {
			t.Errorf("there is no row %s", name)
		}
	}
	chosen := choose(regexp.MustCompile("^vm/x"))
	if len(chosen) != 4 {
		t.Errorf("chose %d rows of ^vm/x, want 4", len(chosen))
	}
}

// TestFlagsOfRows wants every exclusion to reach the suite.
func TestFlagsOfRows(t *testing.T) {
	r := row{flags: []string{"--parallel", "1"}, excluded: map[string]string{"SR-2/b": "two", "SR-1/a": "one"}}
	got := strings.Join(r.allFlags(), " ")
	if want := "--parallel 1 --exclude SR-1/a: one --exclude SR-2/b: two"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTables(t *testing.T) {
	m := runFakes(t.Context(), fake("held"), fake("wrong byte"), faulty(fake("error")))
	_, text, _ := concluded(t, m)
	for _, want := range []string{
		"\nSR-1/a    ✓  ✓  ✓\n", "\nAV-2/b    –  ✗  ·\n", "\nTRAP-3/c  ·  ·  e\n", // platform × case
		"\nwrong byte               1   ✗   ·\n",                  // in short
		"\nnot offered: no such thing: …\n  in held\n     AV-2/b", // why not
		"\nBROKEN AV-2/b: B.\n  wrong byte: [\"byte 3 is 0\"]",
		"3 rows in ", "3 run, 0 FAILED, 0 not run, 0 cancelled",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
