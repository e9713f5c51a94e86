package mmapguard

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// immutableSeals are what it takes: without WRITE the bytes can change, without
// SHRINK and GROW the size. FUTURE_WRITE is not enough, it leaves existing
// writable maps alone (fcntl(2), "File Sealing").
const immutableSeals = unix.F_SEAL_WRITE | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW

// openSealed takes a memfd that is sealed already as it is.
func openSealed(o *opening) (*FileData, error) {
	if err := checkSeals(o.file); err != nil {
		return nil, err
	}
	c, n, err := o.mapFile()
	if err != nil {
		return nil, err
	}
	return o.handle(c, n, MechanismSealedMemfd, Immutable), nil
}

// checkSeals compares the whole mask: files of tmpfs answer as well, with
// F_SEAL_SEAL alone.
func checkSeals(f *os.File) error {
	return control(f, func(fd uintptr) error {
		seals, err := unix.FcntlInt(fd, unix.F_GET_SEALS, 0)
		switch {
		case err != nil:
			return unsupported("it is not a memfd")
		case seals&immutableSeals != immutableSeals:
			return unsupported("it is not sealed against writing, shrinking and growing (seals %#x, needed %#x)", seals, immutableSeals)
		}
		return nil
	})
}

// openSealedCopy copies the file into a memfd and seals that. Under WithDigest
// the kernel checks what is copied as it is read.
func openSealedCopy(o *opening) (*FileData, error) {
	if err := o.checkDigest(); err != nil {
		return nil, err
	}
	return o.withLock(func() (*FileData, error) {
		err := o.canLease()
		if err == nil {
			return o.retryLeased(func() (*FileData, error) { return o.leased(o.seal(o.fillFromLeased)) })
		}
		if !errors.Is(err, ErrUnsupported) {
			return nil, err
		}
		return o.seal(o.fillFromChecked)()
	})
}

// seal makes a function that fills a fresh memfd, seals it and maps it.
func (o *opening) seal(fillFile func(memfd *os.File) error) func() (*FileData, error) {
	return func() (*FileData, error) {
		memfd, err := newMemfd()
		if err != nil {
			return nil, err
		}
		defer func() { _ = memfd.Close() }()
		if err := fillFile(memfd); err != nil {
			return nil, err
		}
		if err := addSeals(memfd); err != nil {
			return nil, err
		}
		return o.mapSealed(memfd)
	}
}

func newMemfd() (*os.File, error) {
	fd, err := unix.MemfdCreate("mmapguard", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING|unix.MFD_NOEXEC_SEAL)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3
		fd, err = unix.MemfdCreate("mmapguard", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	}
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	return os.NewFile(uintptr(fd), "memfd:mmapguard"), nil
}

// sealTries bounds how often a memfd is sealed that the kernel calls busy. It
// waits for some 0.15 s itself before it says so (mm/memfd.c,
// memfd_wait_for_pins).
const sealTries = 10

// addSeals seals a memfd that this process alone has. No memory is mapped from it
// yet, so EBUSY does not mean what fcntl(2) says: something refers to one of its
// pages, as the kernel itself does for a moment to move or to reclaim it.
func addSeals(memfd *os.File) error {
	step(beforeSeal)
	return control(memfd, func(fd uintptr) error {
		for tries := 1; ; tries++ {
			_, err := unix.FcntlInt(fd, unix.F_ADD_SEALS, immutableSeals|unix.F_SEAL_SEAL)
			switch {
			case err == nil:
				return nil
			case !errors.Is(err, unix.EBUSY):
				return fmt.Errorf("sealing: %w", err)
			case tries == sealTries:
				return fmt.Errorf("sealing: the kernel still uses its pages after %d tries: %w", tries, err)
			}
			step(beforeNextSeal)
		}
	})
}

// mapSealed maps what was asked for of the memfd, which holds just that.
func (o *opening) mapSealed(memfd *os.File) (*FileData, error) {
	readable, err := reopenReadOnly(memfd)
	if err != nil {
		return nil, err
	}
	whole := *o.config
	whole.ranged = false
	sealed := &opening{config: &whole, name: o.name}
	sealed.file = readable
	defer sealed.done()
	d, err := openSealed(sealed)
	if err != nil {
		return nil, fmt.Errorf("copy: %w", err)
	}
	return d, nil
}

// fillFromLeased lets the kernel copy, under the lease that the caller holds.
func (o *opening) fillFromLeased(memfd *os.File) error {
	off, n, err := o.measure()
	if err == nil {
		err = o.checkCopy(n)
	}
	if err == nil {
		err = reserveMemory(memfd, n)
	}
	for left := n; err == nil && left > 0; {
		var sent int
		sent, err = sendFile(memfd, o.file, &off, left)
		left -= sent
		if sent == 0 && err == nil {
			err = changed("it ends at %d bytes now", off)
		}
	}
	return err
}

// reserveMemory takes the memfd's memory at once: a file system that is full
// answers here instead of killing a reader later.
func reserveMemory(memfd *os.File, n int) error {
	return control(memfd, func(fd uintptr) error {
		err := unix.Fallocate(int(fd), 0, 0, int64(n))
		for interrupted(err) { // by a signal of the runtime's, on a slow machine
			err = unix.Fallocate(int(fd), 0, 0, int64(n))
		}
		if err != nil {
			return fmt.Errorf("memory for %d bytes: %w", n, err)
		}
		return nil
	})
}

func sendFile(to, from *os.File, off *int64, n int) (sent int, err error) {
	err = control(to, func(out uintptr) error {
		return control(from, func(in uintptr) error {
			for {
				sent, err = unix.Sendfile(int(out), int(in), off, min(n, copyStep))
				if !interrupted(err) {
					return err
				}
			}
		})
	})
	return max(sent, 0), err
}

// fillFromChecked copies what a double collect found.
func (o *opening) fillFromChecked(memfd *os.File) error {
	snapshot, err := o.retryChecked()
	if err != nil {
		return err
	}
	_, err = snapshot.WriteTo(memfd)
	return join(err, snapshot.Close())
}
