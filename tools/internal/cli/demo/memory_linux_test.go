package demo

import (
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func TestSumResident(t *testing.T) {
	const smaps = `00400000-00600000 r-xp 00000000 fe:00 11                        /usr/bin/program
Size:               2048 kB
Rss:                1000 kB
VmFlags: rd ex mr mw me
7f0000000000-7f0001000000 r--s 00000000 fe:00 22                /tmp/data
Rss:                 500 kB
c000000000-c000400000 rw-p 00000000 00:00 0
Rss:                  20 kB
7f0002000000-7f0003000000 r--s 00000000 fe:00 33                /tmp/#33 (deleted)
Rss:                   3 kB
`
	got, err := sumResident(strings.NewReader(smaps), "22", "11")
	if err != nil || got != 23<<10 {
		t.Errorf("resident are %d bytes, %v; want %d", got, err, 23<<10)
	}
	if _, err := sumResident(strings.NewReader("Rss: many kB\n")); err == nil {
		t.Error("nonsense is counted")
	}
	if _, err := sumResident(iotest.ErrReader(iotest.ErrTimeout)); err == nil {
		t.Error("half a list is counted")
	}
}

// The measurement sees memory that a process really has, and not the file's.
func TestMemorySince(t *testing.T) {
	name := patternFile(t)
	_ = ownMemory(name)
	baseline := ownMemory(name)
	src, err := openWhole(wayRaw, name)
	if err != nil {
		t.Fatal(err)
	}
	if got := memorySince(baseline, name); got == nil || *got >= FileSize/2 {
		t.Errorf("a mapping of the file costs %v bytes", got)
	}
	copied := make([]byte, FileSize)
	if _, err := src.ReadAt(copied, 0); err != nil {
		t.Fatal(err)
	}
	if got := memorySince(baseline, name); got == nil || *got < FileSize*15/16 {
		t.Errorf("a copy of %d bytes costs %d", len(copied), *got)
	}
	runtime.KeepAlive(copied)
	if err := src.Close(); err != nil {
		t.Error(err)
	}
	if residentApartFrom(name+"x") != nil {
		t.Error("a missing file is measured")
	}
}
