package mmapguard

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// MapFile opens a file for reading with the least guarantee asked for, and maps
// it. Nothing but a regular file with at least one byte will do, and nothing
// blocks, not even a pipe by that name.
//
// Errors are *fs.PathError; errors.Is tells them apart: fs.ErrNotExist,
// fs.ErrPermission, ErrEmpty, ErrNotRegular, ErrLocked, ErrTooLarge,
// ErrReplaced, ErrChanged, ErrUnsupported, fs.ErrInvalid for options that make
// no sense, *FaultError from WithPopulate, and the system's own when it has
// run out of descriptors or address space.
func MapFile(name string, opts ...Option) (*FileData, error) {
	return open(name, opts, func(flag int) (source, error) {
		f, err := os.OpenFile(name, flag, 0) // #nosec G304 -- opening what the caller names is the purpose
		return source{file: f, named: true}, err
	})
}

// MapFileIn is MapFile for a name inside a directory that it never leaves:
// "..", absolute names and symbolic links that lead out of root are errors,
// also when a link is swapped meanwhile (see os.Root, and its exceptions).
func MapFileIn(root *os.Root, name string, opts ...Option) (*FileData, error) {
	if root == nil {
		return nil, pathError("map", name, invalid("nil root"))
	}
	return open(filepath.Join(root.Name(), name), opts, func(flag int) (source, error) {
		return own(root.OpenFile(name, flag, 0))
	})
}

// MapOpenFile is MapFile for a file that is open already. The file stays the
// caller's, who may close it at any time; its position does not matter.
//
// Where the system allows, the file is opened once more, for reading only: a
// mapping through a writable descriptor would undo what is promised.
func MapOpenFile(f *os.File, opts ...Option) (*FileData, error) {
	if f == nil {
		return nil, pathError("map", "", invalid("nil file"))
	}
	// Not every system's Stat says fs.ErrClosed of a closed file.
	err := control(f, func(uintptr) error { return nil })
	var info fs.FileInfo
	if err == nil {
		info, err = f.Stat()
	}
	if err != nil {
		return nil, asPathError("map", f.Name(), err)
	}
	// A pipe or a device must not be opened a second time: that alone can have
	// effects.
	if err := checkRegular(info); err != nil {
		return nil, pathError("map", f.Name(), err)
	}
	return open(f.Name(), opts, func(flag int) (source, error) { return reopen(f, info, flag) })
}

// source is a descriptor that an opening may close.
type source struct {
	file *os.File
	// shared tells that the descriptor is a duplicate: it stands for an open
	// file that the caller has as well, who could undo a lease on it.
	shared bool
	// named tells that the file was opened by the handle's name, as it stands.
	named bool
}

func own(f *os.File, err error) (source, error) { return source{file: f}, err }

// opening is a file on its way to becoming a handle.
type opening struct {
	*config
	source // read-only
	name   string
	info   fs.FileInfo
}

// open runs the checks that every path goes through, in this order: open,
// regular file?, then what the mechanism does (see ladder).
func open(name string, opts []Option, opener func(flag int) (source, error)) (*FileData, error) {
	cfg, err := newConfig(opts)
	if err != nil {
		return nil, pathError("map", name, err)
	}
	if !boundary.Supported && cfg.guarantee < Isolated {
		return nil, pathError("map", name, unsupported("%s maps no files; a copy can be had from Isolated up", runtime.GOOS))
	}
	src, err := opener(os.O_RDONLY | openFlags)
	if err != nil {
		return nil, asPathError("map", name, notRegularOpen(err))
	}
	o := &opening{config: cfg, source: src, name: name}
	defer o.done()
	d, err := o.climb()
	if err != nil {
		return nil, asPathError("map", name, err)
	}
	return d, nil
}

// done closes the descriptor unless a keeper took it over.
func (o *opening) done() {
	if o.file != nil {
		_ = o.file.Close()
	}
}

// climb checks the file and tries the mechanisms that will do, the cheapest
// first.
func (o *opening) climb() (*FileData, error) {
	info, err := o.file.Stat()
	if err != nil {
		return nil, err
	}
	if err := checkRegular(info); err != nil {
		return nil, err
	}
	if err := checkRealFile(o.file, info); err != nil {
		return nil, err
	}
	o.info = info
	var attempts []attempt
	for _, rung := range ladder {
		if !o.suits(rung) {
			continue
		}
		d, err := rung.open(o)
		if err == nil {
			return o.finish(d)
		}
		attempts = append(attempts, attempt{rung.Mechanism, err})
		if !fallsThrough(err) {
			break
		}
	}
	return nil, outcome(o.guarantee, attempts)
}

// suits tells whether a mechanism gives what was asked for. A digest can only
// be compared where the kernel keeps one.
func (o *opening) suits(r Rung) bool {
	return r.Guarantee >= o.guarantee && o.allows(r.Mechanism) &&
		(o.digest == nil || r.digests)
}

// fallsThrough tells whether another mechanism may still do what this one
// refused. An answer about the file itself is final.
func fallsThrough(err error) bool {
	return errors.Is(err, ErrUnsupported) || errors.Is(err, errCopyLimit)
}

// finish does what the options ask of a handle that is there.
func (o *opening) finish(d *FileData) (*FileData, error) {
	d.advise(o.access)
	if o.populate {
		if err := d.populate(); err != nil {
			return nil, join(err, d.Close())
		}
	}
	return d, nil
}

// measure looks at the file again, now that it is secured: what was true before
// may not be any more. It returns the part to be opened.
func (o *opening) measure() (off int64, n int, err error) {
	info, err := o.file.Stat()
	if err != nil {
		return 0, 0, err
	}
	return o.part(info)
}

// part checks what the second look at the file has seen, and returns the part
// to be opened.
func (o *opening) part(info fs.FileInfo) (off int64, n int, err error) {
	size := info.Size()
	switch {
	case size == 0:
		return 0, 0, ErrEmpty
	case size < 0:
		return 0, 0, invalid("the file system claims a size of %d bytes", size)
	case overLimit(size, o.maxSize):
		return 0, 0, tooLarge("file has %d bytes, the limit is %d", size, o.maxSize)
	}
	off, length, err := o.span(size)
	if err != nil {
		return 0, 0, err
	}
	if length > maxInt-boundary.Granularity() {
		return 0, 0, tooLarge("%d bytes do not fit the address space", length)
	}
	o.info = info
	return off, int(length), nil
}

// mapFile maps the part of the file that was asked for.
func (o *opening) mapFile() (c *core, n int, err error) {
	info, err := o.file.Stat()
	if err != nil {
		return nil, 0, err
	}
	return o.mapSeen(info)
}

// mapSeen is mapFile for a file that was looked at again already.
func (o *opening) mapSeen(info fs.FileInfo) (c *core, n int, err error) {
	off, n, err := o.part(info)
	if err != nil {
		return nil, 0, err
	}
	step(beforeMap)
	delta := off % boundary.Granularity()
	region, err := mapRetrying(func() (r boundary.Region, err error) {
		r, err = boundary.Map(o.descriptor(), off-delta, n+int(delta))
		runtime.KeepAlive(o.file)
		return r, err
	})
	if err != nil {
		return nil, 0, mapError(err)
	}
	c = &core{name: o.name, region: region, delta: int32(delta)} // #nosec G115 -- below Granularity
	step(afterMap)
	if err := o.stillThere(c, off+int64(n)); err != nil {
		return nil, 0, join(err, c.revoke())
	}
	return c, n, nil
}

// stillThere looks at the file a last time: a file that shrank while it was
// mapped was never what the handle would claim.
func (o *opening) stillThere(c *core, end int64) (err error) {
	c.opened, err = stampNow(o.file)
	if err == nil && c.opened.size < end {
		err = changed("it shrank to %d bytes", c.opened.size)
	}
	return err
}

// mapRetrying makes room in the address space if a map finds none: the ranges
// in quarantine are worth less than a mapping.
func mapRetrying(do func() (boundary.Region, error)) (boundary.Region, error) {
	r, err := do()
	if err != nil && noRoom(err) {
		quarantine.drain()
		r, err = do()
	}
	return r, err
}

// descriptor is that of the opening's own file, which nobody else closes; the
// file must be kept alive.
func (o *opening) descriptor() uintptr { return o.file.Fd() }

// control runs fn on the file's descriptor, and keeps it open meanwhile.
func control(f *os.File, fn func(fd uintptr) error) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if conn.Control(func(fd uintptr) { inner = fn(fd) }) != nil {
		// Its own errors all mean this, but do not say so by errors.Is.
		return fs.ErrClosed
	}
	return inner
}

// sameOrClose refuses a file that is not the one described.
func sameOrClose(f *os.File, info fs.FileInfo) (*os.File, error) {
	now, err := f.Stat()
	if err == nil && !os.SameFile(now, info) {
		err = ErrReplaced
	}
	if err != nil {
		return nil, join(err, f.Close())
	}
	return f, nil
}
