package sysinfo

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/sys/unix"
)

func TestParseLocks(t *testing.T) {
	const procLocks = `1: FLOCK  ADVISORY  WRITE 100 08:01:56 0 EOF
1: -> FLOCK  ADVISORY  WRITE 101 08:01:56 0 EOF
2: POSIX  ADVISORY  READ  102 08:01:56 128 128
3: OFDLCK ADVISORY  WRITE -1 08:01:56 0 EOF
4: LEASE  ACTIVE    READ  103 08:01:56 0 EOF
5: FLOCK  ADVISORY  READ  7 08:01:56 0 EOF
6: FLOCK  ADVISORY  WRITE 104 08:01:567 0 EOF
7: FLOCK  ADVISORY  WRITE 105 00:1c:56 0 EOF
short line
`
	got, ok := parseLocks(strings.NewReader(procLocks), "08:01:56", 7)
	want := []Lock{{"flock", true, 100}, {"posix", false, 102}, {"ofd", true, 0}, {"lease", false, 103}}
	if !ok || !slices.Equal(got, want) {
		t.Errorf("locks are %+v, %v; want %+v", got, ok, want)
	}
	if _, ok := parseLocks(iotest.ErrReader(os.ErrInvalid), "", 0); ok {
		t.Error("a list that could not be read is taken for the truth")
	}
}

// Our own locks are nobody else's.
func TestOwnLocksAreNotListed(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := Locks(info); !ok || len(got) > 0 {
		t.Errorf("locks are %v, %v", got, ok)
	}
}

func TestFileSystem(t *testing.T) {
	for path, want := range map[string]string{"/proc": "proc", "/sys": "sysfs", "/missing": unknown} {
		if got := FileSystem(path); got != want {
			t.Errorf("%s is on %s, want %s", path, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, l := range limits() {
		if _, err := strconv.Atoi(strings.Fields(l.Value)[0]); err != nil {
			t.Errorf("%s is %q", l.Name, l.Value)
		}
	}
	if got := procValue("no/such/setting", ""); got != unknown {
		t.Errorf("a setting that does not exist is %q", got)
	}
}

func TestSeals(t *testing.T) {
	if _, err := trySeals(""); err != nil {
		t.Error(err)
	}
}
