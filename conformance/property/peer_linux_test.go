package property

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// order is what the other process of the property test is to do, and answer
// what became of it: the system's error number, or 0.
type order struct {
	Op     string
	Path   string `json:",omitempty"`
	Off, N int64  `json:",omitempty"`
	Seed   uint64 `json:",omitempty"`
	Slot   int    `json:",omitempty"`
}

type answer struct{ Errno unix.Errno }

// pattern is n bytes from offset off of the content that a seed stands for.
// None of them is zero, so that a hole is never mistaken for content.
func pattern(seed uint64, off, n int64) []byte {
	b := make([]byte, n)
	for i := range b {
		x := (seed+1)*0x9e3779b97f4a7c15 ^ uint64(off+int64(i))*0xff51afd7ed558ccd
		b[i] = byte((x^x>>29)%255) + 1
	}
	return b
}

// peer is the other process: what it has open, in numbered slots, and what it
// has mapped.
type peer struct {
	files map[int]*os.File
	maps  map[int][]byte
}

// servePeer does one order after another until there are no more.
func servePeer(r io.Reader, w io.Writer) error {
	p := peer{map[int]*os.File{}, map[int][]byte{}}
	in, out := json.NewDecoder(r), json.NewEncoder(w)
	for {
		var o order
		if err := in.Decode(&o); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		var a answer
		if err := p.do(o); err != nil && !errors.As(err, &a.Errno) {
			return fmt.Errorf("%+v: %w", o, err)
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
}

func (p peer) do(o order) error {
	switch o.Op {
	case "truncate":
		return os.Truncate(o.Path, o.N)
	case "write":
		return p.write(o, os.O_WRONLY)
	case "append":
		return p.write(o, os.O_WRONLY|os.O_APPEND)
	case "otrunc":
		return p.write(o, os.O_WRONLY|os.O_TRUNC)
	case "create":
		return p.write(o, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	case "replace":
		return p.replace(o)
	case "unlink":
		return os.Remove(o.Path)
	case "punch":
		return p.punch(o)
	case "hold":
		return p.open(o, os.O_RDWR)
	case "map":
		return p.mapWritable(o)
	case "store":
		copy(p.maps[o.Slot][o.Off:], pattern(o.Seed, o.Off, o.N))
		return nil
	case "lock-exclusive":
		return p.lock(o, unix.LOCK_EX)
	case "lock-shared":
		return p.lock(o, unix.LOCK_SH)
	case "release":
		return p.release(o.Slot)
	}
	return errors.New("no such order")
}

func (p peer) write(o order, flag int) error {
	f, err := os.OpenFile(o.Path, flag, 0o600)
	if err != nil {
		return err
	}
	b := pattern(o.Seed, o.Off, o.N)
	if flag&os.O_APPEND != 0 {
		_, err = f.Write(b)
	} else {
		_, err = f.WriteAt(b, o.Off)
	}
	return errors.Join(err, f.Close())
}

func (p peer) replace(o order) error {
	next := o.Path + ".next"
	if err := os.WriteFile(next, pattern(o.Seed, 0, o.N), 0o600); err != nil {
		return err
	}
	return os.Rename(next, o.Path)
}

func (p peer) punch(o order) error {
	f, err := os.OpenFile(o.Path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, o.Off, o.N)
	return errors.Join(err, f.Close())
}

func (p peer) open(o order, flag int) error {
	f, err := os.OpenFile(o.Path, flag, 0)
	if err == nil {
		p.files[o.Slot] = f
	}
	return err
}

// mapWritable keeps the map alone: the descriptor is closed.
func (p peer) mapWritable(o order) error {
	f, err := os.OpenFile(o.Path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	b, err := unix.Mmap(int(f.Fd()), 0, int(o.N), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err == nil {
		p.maps[o.Slot] = b
	}
	return errors.Join(err, f.Close())
}

func (p peer) lock(o order, how int) error {
	f, err := os.Open(o.Path)
	if err != nil {
		return err
	}
	if err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB); err != nil {
		return errors.Join(err, f.Close())
	}
	p.files[o.Slot] = f
	return nil
}

func (p peer) release(slot int) (err error) {
	if f := p.files[slot]; f != nil {
		err = f.Close()
	}
	if b := p.maps[slot]; b != nil {
		err = errors.Join(err, unix.Munmap(b))
	}
	delete(p.files, slot)
	delete(p.maps, slot)
	return err
}
