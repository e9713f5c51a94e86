package peer

import (
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/fuzzers/internal/model"
)

// hands carry out orders, by system calls alone: that is quick, and what they
// do is what the manual says.
type hands struct {
	path, next string
	slots      [256]held
}

// held is what a slot holds until it is released.
type held struct {
	fd    int // plus one, so that zero means none
	lease bool
	mem   []byte
}

func newHands(dir string) *hands {
	return &hands{path: filepath.Join(dir, FileName), next: filepath.Join(dir, FileName+".next")}
}

// FileName is the name of the file in its directory.
const FileName = "file"

func (h *hands) do(o Order) error {
	switch o.Op {
	case Store:
		copy(h.slots[o.Slot].mem[o.Off:], model.Pattern(o.Seed, o.Off, o.N))
		return nil
	case LockShared:
		return h.lock(o, unix.LOCK_SH)
	case LockExcl:
		return h.lock(o, unix.LOCK_EX)
	case Release:
		return h.release(o.Slot)
	case LeaseRead:
		return h.lease(o, unix.F_RDLCK)
	}
	// An open for writing would wait for a lease of our own, for ever.
	if err := h.dropLeases(); err != nil {
		return err
	}
	return h.strike(o)
}

// strike does what the holder of a lease has to be asked for.
func (h *hands) strike(o Order) error {
	switch o.Op {
	case Create:
		return put(h.path, unix.O_CREAT|unix.O_EXCL, o)
	case Truncate:
		return retry(func() error { return unix.Truncate(h.path, o.N) })
	case Write:
		return put(h.path, 0, o)
	case Append:
		return put(h.path, unix.O_APPEND, o)
	case Rewrite:
		return put(h.path, unix.O_TRUNC, o)
	case Punch:
		return h.punch(o)
	case Replace:
		return errors.Join(put(h.next, unix.O_CREAT|unix.O_EXCL, o), unix.Rename(h.next, h.path))
	case Unlink:
		return unix.Unlink(h.path)
	case Hold:
		return h.hold(o)
	case Map:
		return h.mapWritable(o)
	case LeaseWrite:
		return h.lease(o, unix.F_WRLCK)
	}
	return fmt.Errorf("order %d: %w", o.Op, errors.ErrUnsupported)
}

func open(path string, flags int) (fd int, err error) {
	err = retry(func() error {
		fd, err = unix.Open(path, flags|unix.O_CLOEXEC, 0o600)
		return err
	})
	return fd, err
}

// retry repeats what a signal of the runtime interrupted.
func retry(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

func put(path string, flags int, o Order) error {
	fd, err := open(path, unix.O_WRONLY|flags)
	if err != nil {
		return err
	}
	b := model.Pattern(o.Seed, o.Off, o.N)
	return errors.Join(retry(func() error {
		if flags&unix.O_APPEND != 0 {
			_, err = unix.Write(fd, b)
		} else {
			_, err = unix.Pwrite(fd, b, o.Off)
		}
		return err
	}), unix.Close(fd))
}

func (h *hands) punch(o Order) error {
	fd, err := open(h.path, unix.O_WRONLY)
	if err != nil {
		return err
	}
	err = retry(func() error {
		return unix.Fallocate(fd, unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, o.Off, o.N)
	})
	return errors.Join(err, unix.Close(fd))
}

func (h *hands) hold(o Order) error {
	fd, err := open(h.path, unix.O_RDWR)
	if err == nil {
		h.slots[o.Slot].fd = fd + 1
	}
	return err
}

// mapWritable keeps the map alone: the descriptor is closed.
func (h *hands) mapWritable(o Order) error {
	fd, err := open(h.path, unix.O_RDWR)
	if err != nil {
		return err
	}
	mem, err := unix.Mmap(fd, 0, int(o.N), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	h.slots[o.Slot].mem = mem
	return errors.Join(err, unix.Close(fd))
}

func (h *hands) lock(o Order, how int) error {
	return h.take(o, func(fd int) error { return unix.Flock(fd, how|unix.LOCK_NB) })
}

func (h *hands) lease(o Order, how int) error {
	err := h.take(o, func(fd int) error {
		_, err := unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, how)
		return err
	})
	h.slots[o.Slot].lease = err == nil
	return err
}

// take opens the file for reading and keeps the descriptor if get succeeds.
func (h *hands) take(o Order, get func(fd int) error) error {
	fd, err := open(h.path, unix.O_RDONLY|unix.O_NONBLOCK)
	if err != nil {
		return err
	}
	if err := get(fd); err != nil {
		return errors.Join(err, unix.Close(fd))
	}
	h.slots[o.Slot].fd = fd + 1
	return nil
}

func (h *hands) dropLeases() error {
	var err error
	for i := range h.slots {
		if h.slots[i].lease {
			err = errors.Join(err, h.release(byte(i)))
		}
	}
	return err
}

func (h *hands) release(slot byte) error {
	var err error
	s := &h.slots[slot]
	if s.fd != 0 {
		err = unix.Close(s.fd - 1)
	}
	if s.mem != nil {
		err = errors.Join(err, unix.Munmap(s.mem))
	}
	*s = held{}
	return err
}
