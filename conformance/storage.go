package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

// storageHere tells how the storage of a directory fails, by the plain calls of
// the system alone. On such a directory most cases have nothing to say.
func storageHere(o order) (string, error) {
	path, want := filepath.Join(o.Dir, "f"), before(some())
	if err := os.WriteFile(path, want, 0o644); err != nil {
		return "", err
	}
	got, err := os.ReadFile(path)
	info, statErr := os.Stat(path)
	const unsound = "files do not read here as they were written: "
	switch {
	case err != nil:
		return unsound + reason(err), nil
	case statErr != nil:
		return unsound + reason(statErr), nil
	case info.Size() != int64(len(want)):
		return fmt.Sprintf(unsound+"%d bytes were written, the size is %d", len(want), info.Size()), nil
	case !bytes.Equal(got, want):
		return unsound + difference(got, want), nil
	}
	return "", nil
}

// reason is an error without the name of the suite's own file.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// storageErrorsAreErrors compares every page with what plain reads say of it,
// of which one cannot be read if there is a way to have that. Where the storage
// is sound it compares good pages.
func storageErrorsAreErrors(e *Env) {
	path := e.file("f", noise(some()))
	f, err := os.Open(path)
	e.must(err, "opening")
	defer func() { _ = f.Close() }()
	defer e.damage(f, int64(pages(3)))()
	d, err := mmapguard.MapFile(path, e.options()...)
	if err != nil {
		var named *fs.PathError
		e.check(errors.As(err, &named), "%q does not name the file", err)
		e.check(!e.readsWell(f), "opening a file that reads well: %v", err)
		return
	}
	defer e.close(d)
	e.pagesAreRight(d, f)
	if e.Damage != "" && slices.Contains(direct, e.Mechanism) {
		_, err := mmapguard.MapFile(path, e.options(mmapguard.WithPopulate())...)
		e.check(err != nil, "a file with a page that cannot be read was opened with WithPopulate")
	}
}

// damage makes a page of the file unreadable if there is a command for that, and
// makes sure of it.
func (e *Env) damage(f *os.File, off int64) (heal func()) {
	if e.Damage == "" {
		return func() {}
	}
	e.must(e.tell("fail", f.Name(), strconv.FormatInt(off, 10)), "making a page unreadable")
	if _, err := f.ReadAt(make([]byte, 1), off); err == nil {
		e.broken("a page that was made unreadable is read without an error")
	}
	return func() { e.must(e.tell("heal", f.Name()), "making a page readable again") }
}

// tell runs the command that makes storage fail.
func (e *Env) tell(args ...string) error {
	argv := append(strings.Fields(e.Damage), args...)
	out, err := exec.CommandContext(context.Background(), argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%q: %w: %s", argv, err, out)
	}
	return nil
}

// readsNoBetter compares a file that does not read well, or not as far as its
// size goes, with what plain reads say of it.
func (e *Env) readsNoBetter(d *mmapguard.FileData, name string) {
	f, err := os.Open(name)
	e.must(err, "opening without a mapping")
	defer func() { _ = f.Close() }()
	e.pagesAreRight(d, f)
}

// pagesAreRight compares every page with what plain reads say of it, and all
// the ways to the bytes with each other.
func (e *Env) pagesAreRight(d *mmapguard.FileData, f *os.File) {
	for off := int64(0); off < d.Size(); off += int64(pages(1)) {
		e.pageIsRight(d, f, off)
	}
	e.waysAgree(d)
}

func (e *Env) readsWell(f *os.File) bool {
	n, err := io.Copy(io.Discard, io.NewSectionReader(f, 0, int64(some())))
	return err == nil && n == int64(some())
}

// pageIsRight reads one page both ways. Behind the file's true end, where the
// size lies, a page may read as zeros.
func (e *Env) pageIsRight(d *mmapguard.FileData, f *os.File, off int64) {
	plain, mapped := make([]byte, pages(1)), make([]byte, pages(1))
	want, plainErr := io.ReadFull(io.NewSectionReader(f, off, int64(len(plain))), plain)
	got, err := d.ReadAt(mapped, off)
	var fault *mmapguard.FaultError
	if errors.As(err, &fault) {
		e.check(got == 0, "%d bytes were reported as read with %q", got, err)
		return
	}
	if plainErr != nil && !errors.Is(plainErr, io.EOF) && !errors.Is(plainErr, io.ErrUnexpectedEOF) && slices.Contains(direct, e.Mechanism) {
		e.broken("the page at %d cannot be read (%v), and shows %d bytes all the same", off, plainErr, got)
	}
	want = min(want, got)
	e.same(mapped[:want], plain[:want], fmt.Sprintf("the page at %d", off))
	e.check(len(bytes.Trim(mapped[want:got], "\x00")) == 0, "bytes behind the file's end at %d", off)
}

// waysAgree reads everything in every way: all of them fail, or none.
func (e *Env) waysAgree(d *mmapguard.FileData) {
	_, err := read(d)
	for name, call := range map[string]func() error{
		"View":    func() error { return d.View(func(b []byte) error { _ = bytes.Clone(b); return nil }) },
		"WriteTo": func() error { _, err := d.WriteTo(new(bytes.Buffer)); return err },
		"Reader":  func() error { _, err := io.Copy(new(bytes.Buffer), d.NewReader()); return err },
	} {
		if also := call(); (also == nil) != (err == nil) {
			e.broken("ReadAt: %v, but %s: %v", errorText(err), name, errorText(also))
		}
	}
}
