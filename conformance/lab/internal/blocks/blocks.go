//go:build linux

// Package blocks finds where on a block device a file's bytes lie, so that a
// test can change or break them below the file system.
package blocks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Size of a block in bytes: what a device is searched and broken in units of.
const Size = 4096

// chunk is how much of a device is read at once.
const chunk = 1 << 20

// A Place is a block on a device.
type Place struct {
	Device string // its name in /dev
	Offset int64  // of the block, in bytes
}

// Find searches the device under the file for the block that holds the byte at
// offset. It goes by the content, which works for every file system but needs
// the block to be full and unlike any other on the device: fill the file with
// random bytes.
func Find(name string, offset int64) (Place, error) {
	want, err := readBlock(name, offset)
	if err != nil {
		return Place{}, err
	}
	device, err := Device(name)
	if err != nil {
		return Place{}, err
	}
	d, err := Open(device, os.O_RDONLY)
	if err != nil {
		return Place{}, err
	}
	found, err := search(d, want)
	if err := errors.Join(err, d.Close()); err != nil {
		return Place{}, err
	}
	if len(found) != 1 {
		return Place{}, fmt.Errorf("%s: block at %d found %d times on %s", name, offset, len(found), device)
	}
	return Place{device, found[0]}, nil
}

// readBlock writes the file back, so that the device has it, and reads the block.
func readBlock(name string, offset int64) ([]byte, error) {
	f, err := os.Open(name) // #nosec G304 -- the caller's test file
	if err != nil {
		return nil, err
	}
	block := make([]byte, Size)
	err = f.Sync()
	if err == nil {
		_, err = f.ReadAt(block, offset/Size*Size)
	}
	return block, errors.Join(err, f.Close())
}

// Open opens a device past the page cache: file systems write past it too, so
// what it holds of their files is stale. Reads and writes must be whole blocks
// from memory made by [Buffer].
func Open(device string, flags int) (*os.File, error) {
	// #nosec G304 -- a device that Device has found
	return os.OpenFile(device, flags|unix.O_DIRECT|unix.O_SYNC, 0)
}

// Buffer returns memory that is aligned for O_DIRECT. It is never unmapped:
// tests need few.
func Buffer(n int) ([]byte, error) {
	b, err := unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	return b, os.NewSyscallError("mmap", err)
}

// search returns the offsets of all blocks that hold want.
func search(d *os.File, want []byte) ([]int64, error) {
	b, err := Buffer(chunk)
	if err != nil {
		return nil, err
	}
	var found []int64
	for at := int64(0); ; at += chunk {
		n, err := d.ReadAt(b, at)
		for i := 0; i+Size <= n; i += Size {
			if bytes.Equal(b[i:i+Size], want) {
				found = append(found, at+int64(i))
			}
		}
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// Device is the block device whose file system holds the file, according to the
// mount with the longest matching path. Asking the file itself would not do:
// btrfs and overlayfs report device numbers that belong to no device.
func Device(name string) (string, error) {
	file, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", err
	}
	if file, err = filepath.Abs(file); err != nil {
		return "", err
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return "", err
	}
	device, longest := "", -1
	for line := range strings.Lines(string(mounts)) {
		fields := strings.Fields(line)
		if len(fields[1]) >= longest && within(file, fields[1]) {
			device, longest = fields[0], len(fields[1])
		}
	}
	if !strings.HasPrefix(device, "/dev/") {
		return "", fmt.Errorf("%s lies on %q, which is no block device", name, device)
	}
	return device, nil
}

// within reports whether the file lies in dir or below.
func within(file, dir string) bool {
	return file == dir || strings.HasPrefix(file, strings.TrimSuffix(dir, "/")+"/")
}

// Forget drops the file's cached pages, so that the next read asks the device.
// Pages that are mapped stay.
func Forget(name string) error {
	f, err := os.Open(name) // #nosec G304 -- the caller's test file
	if err != nil {
		return err
	}
	err = os.NewSyscallError("fadvise", unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED))
	return errors.Join(err, f.Close())
}
