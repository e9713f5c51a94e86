package sysinfo

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestDescribe(t *testing.T) {
	s := Describe()
	if s.OS != runtime.GOOS || s.Arch != runtime.GOARCH || s.PageSize != os.Getpagesize() || s.Kernel == "" || s.Limits == nil {
		t.Errorf("this system is %+v", s)
	}
	for _, l := range s.Limits {
		if l.Value == "" || l.Meaning == "" {
			t.Errorf("limit %+v", l)
		}
	}
}

func TestBlocks(t *testing.T) {
	dir := t.TempDir()
	blocks, err := Blocks(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(blocks) != 1+len(probes) {
		t.Errorf("%d building blocks, want %d", len(blocks), 1+len(probes))
	}
	for _, b := range blocks {
		if !b.Available && b.Detail == "" {
			t.Errorf("%s: no, without a reason", b.Name)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := Blocks(filepath.Join(dir, "missing")); err == nil {
		t.Error("a directory that is not there has building blocks")
	}
}

func TestProbeRun(t *testing.T) {
	why := errors.New("why")
	bad := probe{"x", func(string) (string, error) { return "ignored", why }}
	if got := bad.run(""); got != (Block{"x", false, "why"}) {
		t.Errorf("failure is %+v", got)
	}
	good := probe{"x", func(string) (string, error) { return "remark", nil }}
	if got := good.run(""); got != (Block{"x", true, "remark"}) {
		t.Errorf("success is %+v", got)
	}
}

// A facility that does not get its file says so, and is not taken for one that
// is there.
func TestProbesWithoutAFile(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing", "file")
	for _, p := range append([]probe{{"advisory locks", tryLock}}, probes...) {
		if p.name == "memfd seals" {
			continue // needs no file
		}
		if b := p.run(missing); b.Available {
			t.Errorf("%s works on a file that does not exist", p.name)
		}
	}
}

func TestLockText(t *testing.T) {
	for l, want := range map[Lock]string{
		{Kind: "flock", PID: 12}:         "shared flock by pid 12",
		{Kind: "posix", Exclusive: true}: "exclusive posix",
	} {
		if got := l.String(); got != want {
			t.Errorf("%+v is %q, want %q", l, got, want)
		}
	}
}
