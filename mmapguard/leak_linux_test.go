package mmapguard_test

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

// usage is what a process can leak.
type usage struct {
	descriptors, maps, goroutines int
	files                         int    // of the maps, those that show a file
	heap                          uint64 // bytes
}

func measureUsage(t testing.TB) usage {
	t.Helper()
	n, err := descriptorCount()
	if err != nil {
		t.Fatal(err)
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	return usage{n, strings.Count(string(maps), "\n"), runtime.NumGoroutine(), strings.Count(string(maps), "/"), mem.HeapAlloc}
}

// stacks is how many maps the stacks and arenas of the runtime's threads may
// take, of which a slow disk brings about many.
const stacks = 64

// wantNoLeak compares with an earlier measurement. Maps and heap may grow by
// what the quarantine holds and the runtime needs, not with the cycles.
func wantNoLeak(t testing.TB, before usage, maps int, heap uint64) {
	t.Helper()
	var after usage
	clean := func() bool {
		after = measureUsage(t)
		return after.descriptors <= before.descriptors && after.goroutines <= before.goroutines &&
			after.maps <= before.maps+maps+stacks && after.files <= before.files && after.heap <= before.heap+heap
	}
	if !collectUntil(clean) {
		t.Errorf("leak: %+v, before %+v", after, before)
	}
}

// settled is a measurement after the first use of everything, package os/signal
// included, whose own goroutine never ends.
func settled(t testing.TB, path string) usage {
	t.Helper()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2)
	signal.Stop(signals)
	d, err := mmapguard.MapFile(path)
	if err != nil {
		t.Fatal(err)
	}
	closeOK(t, d)
	collectUntil(func() bool { return true })
	return measureUsage(t)
}

func cycles() int {
	switch {
	case testing.Short():
		return 5_000
	case raceDetector || math.MaxInt == math.MaxInt32: // much slower, and another job's
		return 20_000
	}
	return 100_000
}

func TestNothingLeaksOverManyCycles(t *testing.T) {
	path := newFile(t, 3*page)
	before := settled(t, path)
	_, entries, _, _ := mmapguard.QuarantineHeld()
	start := time.Now()
	for i := range cycles() {
		d, err := mmapguard.MapFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 && d.Bytes()[0] != 1 {
			t.Fatal("wrong byte")
		}
		closeOK(t, d)
	}
	took := time.Since(start)
	wantNoLeak(t, before, entries, 1<<20)
	t.Logf("%d cycles took %v, %v each; before %+v, after %+v", cycles(), took.Round(time.Millisecond),
		took/time.Duration(cycles()), before, measureUsage(t))
}

func TestTrap10_DroppedHandlesDoNotLeak(t *testing.T) {
	path := newFile(t, page)
	before := settled(t, path)
	_, entries, _, _ := mmapguard.QuarantineHeld()
	for range 2000 {
		//guardvet:ignore neverclosed the collector is to close it
		d, err := mmapguard.MapFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.NewReader().ReadByte(); err != nil {
			t.Fatal(err)
		}
	}
	wantNoLeak(t, before, entries, 1<<20)
	if lockedByUs(t, path) {
		t.Error("a lock is left")
	}
}

func TestFailedOpensDoNotLeak(t *testing.T) {
	dir := t.TempDir()
	path := newFile(t, 2*page)
	empty := writeFile(t, filepath.Join(dir, "empty"), nil)
	locked := newFile(t, page)
	attack(t, "lock", locked)
	defer attack(t, "unlock", locked)
	pipe := filepath.Join(dir, "pipe")
	attack(t, "fifo", pipe)
	for name, c := range map[string]struct {
		path  string
		opts  []mmapguard.Option
		class error
	}{
		"missing":     {path + "x", nil, fs.ErrNotExist},
		"empty":       {empty, nil, mmapguard.ErrEmpty},
		"directory":   {dir, nil, mmapguard.ErrNotRegular},
		"pipe":        {pipe, nil, mmapguard.ErrNotRegular},
		"made up":     {"/proc/self/status", nil, mmapguard.ErrNotRegular},
		"locked":      {locked, nil, mmapguard.ErrLocked},
		"too large":   {path, []mmapguard.Option{mmapguard.WithMaxSize(1)}, mmapguard.ErrTooLarge},
		"range":       {path, []mmapguard.Option{mmapguard.WithRange(int64(2*page), 1)}, fs.ErrInvalid},
		"options":     {path, []mmapguard.Option{mmapguard.WithMaxSize(-2)}, fs.ErrInvalid},
		"unsupported": {path, []mmapguard.Option{mmapguard.WithGuarantee(mmapguard.Immutable), mmapguard.WithMechanisms(mmapguard.MechanismFlock)}, mmapguard.ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			before := settled(t, path)
			for range 1000 {
				if _, err := mmapguard.MapFile(c.path, c.opts...); !errors.Is(err, c.class) {
					t.Fatalf("error %v, want %v", err, c.class)
				}
			}
			wantNoLeak(t, before, 0, 256<<10)
		})
	}
}

// Every step of an open fails in turn, by what happens to the file meanwhile.
func TestOpensThatFailHalfWayDoNotLeak(t *testing.T) {
	_, entries, _, _ := mmapguard.QuarantineHeld()
	for _, at := range []mmapguard.Step{mmapguard.BeforeLock, mmapguard.AfterLock, mmapguard.BeforeMap, mmapguard.AfterMap} {
		path := newFile(t, 2*page)
		before := settled(t, path)
		restore := mmapguard.SetStep(func(s mmapguard.Step) {
			if s != at {
				return
			}
			if err := os.Truncate(path, 0); err != nil {
				t.Error(err)
			}
		})
		for range 1000 {
			if err := os.Truncate(path, int64(2*page)); err != nil {
				t.Fatal(err)
			}
			_, err := mmapguard.MapFile(path, mmapguard.WithPopulate())
			if !errors.Is(err, mmapguard.ErrEmpty) && !errors.Is(err, mmapguard.ErrChanged) {
				t.Fatalf("error %v", err)
			}
		}
		restore()
		wantNoLeak(t, before, entries, 256<<10)
		if lockedByUs(t, path) {
			t.Error("a lock is left")
		}
	}
}

// A populate that faults comes after everything else was done.
func TestHandlesThatFaultDoNotLeak(t *testing.T) {
	path := newFile(t, 2*page)
	_, entries, _, _ := mmapguard.QuarantineHeld()
	before := settled(t, path)
	for range 300 {
		truncate(t, path, int64(2*page))
		d, err := mmapguard.MapFile(path)
		if err != nil {
			t.Fatal(err)
		}
		truncate(t, path, int64(page))
		viewErr := d.View(func(b []byte) error { touch(b, page); return nil })
		_, readErr := d.ReadAt(make([]byte, 1), int64(page))
		if !errors.Is(viewErr, mmapguard.ErrFault) || !errors.Is(readErr, mmapguard.ErrFault) {
			t.Fatal(viewErr, readErr)
		}
		closeOK(t, d)
	}
	wantNoLeak(t, before, entries, 256<<10)
}

// leakCheck measures now, and again when it is called: no map of a file in the
// directory may be left, and few of the runtime's, whose heap has grown and
// shrunk meanwhile.
func leakCheck(t *testing.T, dir string) (check func()) {
	before := settled(t, soakPath(dir, 1))
	_, entries, _, _ := mmapguard.QuarantineHeld()
	return func() {
		wantNoLeak(t, before, entries+100, 8<<20)
		if !collectUntil(func() bool { return len(mapsOf(t, dir)) == 0 }) {
			t.Errorf("%d maps are left", len(mapsOf(t, dir)))
		}
	}
}
