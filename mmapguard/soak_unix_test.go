//go:build unix && !aix

package mmapguard_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/mmapguard/go/mmapguard"
)

const (
	soakFiles = 5
	soakMax   = 48 // pages of a file
)

func soakPath(dir string, file byte) string { return filepath.Join(dir, fmt.Sprint("file", file)) }

// soakAttacker strikes at the files of a directory, at random, until its
// standard input ends. It respects no lock but takes some.
var _ = role("soak", func(args []string) error {
	stopped := atomic.Bool{}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stopped.Store(true)
	}()
	random := rand.New(rand.NewPCG(uint64(number(args[1])), 0)) //nolint:gosec // repeatable on purpose
	for i := 0; !stopped.Load(); i++ {
		file := byte(1 + random.IntN(soakFiles))
		err := soakDeed(random, args[0], file)
		if err != nil && !errors.Is(err, os.ErrNotExist) { // another attacker unlinked it
			return err
		}
		if i%8 == 0 {
			time.Sleep(100 * time.Microsecond)
		}
	}
	return nil
})

func soakDeed(random *rand.Rand, dir string, file byte) error {
	path, size := soakPath(dir, file), random.Int64N(int64(soakMax*page))
	switch random.IntN(12) {
	case 0, 1, 2:
		return os.Truncate(path, size) // shrinks or grows
	case 3:
		return os.Truncate(path, size/int64(page)*int64(page))
	case 4, 5:
		return soakRewrite(path, file, byte(1+random.IntN(255)), 0, int64(soakMax*page))
	case 6, 7:
		off := size / wordSize * wordSize
		return soakRewrite(path, file, byte(1+random.IntN(255)), off, min(off+int64(3*page), int64(soakMax*page)))
	case 8:
		if punch == nil {
			return nil
		}
		return punch(path, size/int64(page)*int64(page), int64(2*page))
	case 9:
		return soakReplace(random, dir, file)
	case 10:
		return errors.Join(ignoreMissing(os.Remove(path)), soakReplace(random, dir, file))
	default:
		return soakLock(random, path)
	}
}

// punch is there where the system can make holes.
var punch func(path string, off, n int64) error

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// soakRewrite writes the words that belong at [from, to) of the inode that has
// the name now.
func soakRewrite(path string, file, rewrite byte, from, to int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(soakFill(f, file, rewrite, from, to), f.Close())
}

func soakFill(f *os.File, file, rewrite byte, from, to int64) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("no inode number")
	}
	b := make([]byte, to-from)
	fill(b, from, file, byte(1+st.Ino%255), rewrite)
	_, err = f.WriteAt(b, from)
	return err
}

// soakReplace puts a new inode under the name.
func soakReplace(random *rand.Rand, dir string, file byte) error {
	f, err := os.CreateTemp(dir, "new")
	if err != nil {
		return err
	}
	size := (1 + random.Int64N(int64(soakMax*page))) / wordSize * wordSize
	return errors.Join(soakFill(f, file, 1, 0, size), f.Close(), os.Rename(f.Name(), soakPath(dir, file)))
}

func soakLock(random *rand.Rand, path string) error {
	lock := flock.New(path, flock.SetFlag(os.O_RDWR))
	ok, err := lock.TryLock()
	if err != nil || !ok {
		return err
	}
	time.Sleep(time.Duration(random.IntN(2)) * time.Millisecond)
	return lock.Unlock()
}

// soakTime is how long to go on: 2 s, or what MMAPGUARD_SOAK says.
func soakTime(t *testing.T) time.Duration {
	t.Helper()
	s := os.Getenv("MMAPGUARD_SOAK")
	if s == "" {
		return 2 * time.Second
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// startAttackers starts n processes that strike at the files in dir; stop ends
// them and checks that they worked to the end.
func startAttackers(t *testing.T, dir string, n int) (stop func()) {
	t.Helper()
	var stops []func()
	for i := range n {
		cmd := childCommand(t.Context(), "soak", dir, fmt.Sprint(i))
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		stops = append(stops, func() {
			if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
				t.Errorf("attacker %d: %v", i, err)
			}
		})
	}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}

func TestSoakAgainstOtherProcesses(t *testing.T) {
	// A quarantine of one range, so that addresses are soon those of other files.
	t.Cleanup(mmapguard.SetQuarantine(1, 1))
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable on purpose
	for file := range byte(soakFiles) {
		if err := soakReplace(random, dir, file+1); err != nil {
			t.Fatal(err)
		}
	}
	noLeak := leakCheck(t, dir)
	stop := startAttackers(t, dir, 2)
	var tally soakTally
	var readers sync.WaitGroup
	deadline := time.Now().Add(soakTime(t))
	for i := range 4 {
		readers.Go(func() {
			s := soaker{t: t, random: rand.New(rand.NewPCG(uint64(i), 3)), dir: dir, tally: &tally} //nolint:gosec // repeatable
			for time.Now().Before(deadline) && !t.Failed() {
				s.round()
			}
		})
	}
	readers.Wait()
	stop()
	tally.check(t)
	noLeak()
}
