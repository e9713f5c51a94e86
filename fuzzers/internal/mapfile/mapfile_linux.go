package mapfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/fuzzers/internal/leaks"
	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/fuzzers/internal/script"
	"github.com/mmapguard/go/mmapguard"
)

// maxSize bounds a file, in bytes; it is more than the buffers of WriteTo.
const maxSize = 300 << 10

// Folder is where the files are made, one at a time.
type Folder struct {
	path, out string
	fs        model.FileSystem
	account   *leaks.Account
}

// New uses a folder.
func New(dir string) (*Folder, error) {
	fs, err := model.Probe(dir)
	if err != nil {
		return nil, err
	}
	account, err := leaks.NewAccount(dir)
	return &Folder{filepath.Join(dir, "file"), filepath.Join(dir, "out"), fs, account}, err
}

// Input is a file with a script of what to ask of it.
type Input struct {
	Content []byte
	Size    uint32 // of the file; a hole follows shorter contents
	Script  []byte
}

// Check makes the file, opens it, and compares all ways to its bytes.
func (f *Folder) Check(in Input) error {
	if err := f.try(in); err != nil {
		return err
	}
	return f.account.After(in, func() error { return f.try(in) })
}

func (f *Folder) try(in Input) error {
	size := int64(in.Size) % (maxSize + 1)
	if err := f.make(in.Content, size); err != nil {
		return err
	}
	return errors.Join(f.open(script.New(in.Script), size), os.Remove(f.path))
}

func (f *Folder) make(content []byte, size int64) error {
	return errors.Join(os.WriteFile(f.path, content, 0o600), os.Truncate(f.path, size))
}

// open opens the file by one of the ways there are.
func (f *Folder) open(s *script.Script, size int64) error {
	way := ways[s.Below(len(ways))]
	r := model.Decode(s, size)
	found := model.File{Size: size, Written: way.writes}
	want := model.Predict(r, found, f.fs)
	if want.Slow {
		return nil // waiting for a writer that stays takes half a second
	}
	mode := s.Bool()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(mode))
	d, err := way.open(f.path, r.Options())
	if wrong := class.Want(err, want.Refused, "%s, %v, of %+v", way.name, r, found); wrong != nil || d == nil {
		return wrong
	}
	from, to := r.Span(size)
	err = f.compare(d, s, want, from, to)
	if now := debug.SetPanicOnFault(mode); now != mode {
		err = errors.Join(err, fmt.Errorf("%s, %v: faults are panics: %v, want %v", way.name, r, now, mode))
	}
	return err
}

// way is one of the calls that map a file.
type way struct {
	name   string
	writes bool // the caller has the file open for writing
	open   func(path string, opts []mmapguard.Option) (*mmapguard.FileData, error)
}

var ways = []way{
	{"MapFile", false, func(path string, opts []mmapguard.Option) (*mmapguard.FileData, error) {
		return mmapguard.MapFile(path, opts...)
	}},
	{"Load", false, func(path string, opts []mmapguard.Option) (*mmapguard.FileData, error) {
		return mmapguard.Load(path, opts...)
	}},
	{"MapFileIn", false, mapIn},
	{"MapOpenFile", false, mapOpen(os.O_RDONLY)},
	{"MapOpenFile of a writable file", true, mapOpen(os.O_RDWR)},
}

func mapIn(path string, opts []mmapguard.Option) (d *mmapguard.FileData, err error) {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return mmapguard.MapFileIn(root, filepath.Base(path), opts...)
}

// mapOpen maps a file that is open at some position.
func mapOpen(flag int) func(path string, opts []mmapguard.Option) (*mmapguard.FileData, error) {
	return func(path string, opts []mmapguard.Option) (d *mmapguard.FileData, err error) {
		file, err := os.OpenFile(path, flag, 0)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		if _, err := file.Seek(3, 0); err != nil {
			return nil, err
		}
		d, err = mmapguard.MapOpenFile(file, opts...)
		if pos, seekErr := file.Seek(0, 1); seekErr != nil || pos != 3 {
			err = errors.Join(err, fmt.Errorf("the caller's position is %d, want 3: %w", pos, seekErr))
		}
		return d, err
	}
}
