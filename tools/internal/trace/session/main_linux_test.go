//go:build amd64 || arm64

package session_test

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// The test binary is also the programs that are traced.
var programs = map[string]func(args []string) error{
	"nothing":      func([]string) error { return nil },
	"read-files":   readFiles,
	"ask-of-files": askOfFiles,
	"live-on-bus":  liveOnBus,
	"many-threads": manyThreads,
	"sleep":        func([]string) error { time.Sleep(time.Hour); return nil },
	"busy":         func([]string) error { return busy() },
	"die":          die,
	"signal-self":  signalSelf,
	"tracer":       tracerProgram,
}

const programVar = "MMAPGUARD_TRACE_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if name := os.Getenv(programVar); name != "" {
		if err := programs[name](os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// readFiles maps each file with the library and reads it.
func readFiles(names []string) error {
	for _, name := range names {
		d, err := mmapguard.MapFile(name)
		if err != nil {
			return err
		}
		_, err = d.ReadAt(make([]byte, 1), 0)
		if err := errors.Join(err, d.Close()); err != nil {
			return err
		}
	}
	return nil
}

// askOfFiles makes calls whose answers consist of flags, and a clone, which the
// file system may refuse.
func askOfFiles(names []string) error {
	fd, err := unix.MemfdCreate("sealed", unix.MFD_ALLOW_SEALING)
	if err != nil {
		return err
	}
	memfd := uintptr(fd) // #nosec G115 -- not negative
	if _, err := unix.FcntlInt(memfd, unix.F_ADD_SEALS, unix.F_SEAL_GROW|unix.F_SEAL_SHRINK); err != nil {
		return err
	}
	if _, err := unix.FcntlInt(memfd, unix.F_GET_SEALS, 0); err != nil {
		return err
	}
	if err := unix.Statx(unix.AT_FDCWD, "/", 0, unix.STATX_INO, &unix.Statx_t{}); err != nil {
		return err
	}
	source, err := os.Open(names[0])
	if err != nil {
		return err
	}
	_ = unix.IoctlFileClone(fd, int(source.Fd())) // #nosec G115 -- not negative
	return source.Close()
}

// liveOnBus shrinks a file under its mapping, and wants an error of it.
func liveOnBus(names []string) error {
	d, err := mmapguard.MapFile(names[0])
	if err != nil {
		return err
	}
	err = os.Truncate(names[0], 0)
	for range 100 {
		if _, readErr := d.ReadAt(make([]byte, 1), 0); !errors.Is(readErr, mmapguard.ErrFault) {
			err = errors.Join(err, fmt.Errorf("reading beyond the end: %w", readErr))
		}
	}
	return errors.Join(err, d.Close())
}

// manyThreads makes the runtime interrupt its threads by SIGURG, and start
// threads.
func manyThreads([]string) error {
	done := make(chan struct{})
	for range 4 {
		go func() {
			runtime.LockOSThread()
			for range 3 {
				debug.FreeOSMemory()
				runtime.Gosched()
			}
			done <- struct{}{}
		}()
	}
	for range 4 {
		<-done
	}
	return nil
}

func busy() error {
	for {
		if _, err := os.Stat("/dev/null"); err != nil {
			return err
		}
	}
}

// die ends in the way that the argument says.
func die(args []string) error {
	if args[0] == "kill" {
		return syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	os.Exit(7)
	return nil
}

// signalSelf sends itself a signal with a value, and wants it to arrive.
func signalSelf([]string) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	if err := syscall.Kill(os.Getpid(), syscall.SIGUSR1); err != nil {
		return err
	}
	select {
	case <-c:
		return nil
	case <-time.After(20 * time.Second):
		return errors.New("the signal never came")
	}
}
