package mmapguard_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// writers are the ways in which another process changes a file without asking
// anybody. Each must make the file differ from what it was.
var writers = map[string]func(path string) error{
	"open O_TRUNC": func(path string) error {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
		return closing(f, err)
	},
	"truncate": func(path string) error { return os.Truncate(path, 100) },
	"grow":     func(path string) error { return os.Truncate(path, 64<<20) },
	"rewrite in place": func(path string) error {
		return change(path, func(f *os.File, size int64) error {
			_, err := f.WriteAt(make([]byte, size), 0)
			return err
		})
	},
	"punch hole": func(path string) error {
		return change(path, func(f *os.File, size int64) error {
			return unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, 0, size)
		})
	},
	"map writable": func(path string) error {
		return change(path, func(f *os.File, size int64) error {
			b, err := unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
			if err != nil {
				return err
			}
			clear(b)
			return unix.Munmap(b)
		})
	},
	// A writer that does not wait is told to come again, and starts the break
	// all the same.
	"open O_NONBLOCK": func(path string) error {
		refused := 0
		for {
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC|syscall.O_NONBLOCK, 0)
			if errors.Is(err, syscall.EWOULDBLOCK) {
				refused++
				continue
			}
			if err == nil && refused == 0 {
				err = errors.New("was let in at once")
			}
			return closing(f, err)
		}
	},
}

func closing(f *os.File, err error) error {
	if err != nil {
		return err
	}
	return f.Close()
}

func change(path string, do func(f *os.File, size int64) error) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = do(f, info.Size())
	}
	return errors.Join(err, f.Close())
}

// writer is a role, not a deed of the attacker, so that many of them can wait
// for a lease at once.
var _ = role("writer", func(args []string) error {
	write, ok := writers[args[0]]
	if !ok {
		return fmt.Errorf("no such writer: %s", args[0])
	}
	return write(args[1])
})

// heldOpen is the file that the attacker keeps open for writing.
var heldOpen = map[string]*os.File{}

func init() {
	deeds["hold open for writing"] = func(path string, _ []string) (string, error) {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		heldOpen[path] = f
		return "", err
	}
	deeds["let go"] = func(path string, _ []string) (string, error) { return "", heldOpen[path].Close() }
}
