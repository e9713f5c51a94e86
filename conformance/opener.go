package conformance

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/mmapguard/go/conformance/internal/child"
	"github.com/mmapguard/go/mmapguard"
)

func init() {
	child.Register("open", func(args []string) error {
		var o openOrder
		if err := json.Unmarshal([]byte(args[0]), &o); err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(openHere(o))
	})
}

// openOrder is what a process does whose system calls are watched: it opens a
// file, reads it and closes it.
type openOrder struct {
	Path      string
	Mechanism mmapguard.Mechanism
	MaxSize   int64  // 0 means no limit
	Populate  bool   //
	Chroot    string // a directory to be confined to first, in which Path then is
	// AwaitWriter tells to wait, before reading, until another process has
	// emptied the file.
	AwaitWriter bool
}

// openOutcome is what became of it.
type openOutcome struct {
	Error string   // of opening, or empty
	Is    []string // the errors of the library that it is
	// The bytes that were read: how many are those of before, of after, others.
	Before, After, Other int
	ReadError            string
	CloseError           string
	// Missing is what the order needs and the system does not allow.
	Missing string
}

// is tells whether opening failed with the given error.
func (o openOutcome) is(err error) bool {
	for _, text := range o.Is {
		if text == err.Error() {
			return true
		}
	}
	return false
}

var knownErrors = []error{
	mmapguard.ErrEmpty, mmapguard.ErrNotRegular, mmapguard.ErrLocked, mmapguard.ErrTooLarge,
	mmapguard.ErrReplaced, mmapguard.ErrChanged, mmapguard.ErrUnsupported, mmapguard.ErrFault, fs.ErrNotExist,
}

func openHere(o openOrder) (out openOutcome) {
	if o.Chroot != "" {
		if err := chroot(o.Chroot); err != nil {
			out.Missing = err.Error()
			return out
		}
	}
	d, err := mmapguard.MapFile(o.Path, o.options()...)
	if err != nil {
		out.Error = err.Error()
		for _, known := range knownErrors {
			if errors.Is(err, known) {
				out.Is = append(out.Is, known.Error())
			}
		}
		return out
	}
	if o.AwaitWriter {
		awaitEmpty(o.Path)
	}
	got, err := read(d)
	out.ReadError = text(err)
	out.count(got)
	out.CloseError = text(d.Close())
	return out
}

func (o openOrder) options() []mmapguard.Option {
	e := Env{Mechanism: o.Mechanism, Guarantee: guaranteeOf(o.Mechanism)}
	opts := e.options()
	if o.MaxSize > 0 {
		opts = append(opts, mmapguard.WithMaxSize(o.MaxSize))
	}
	if o.Populate {
		opts = append(opts, mmapguard.WithPopulate())
	}
	return opts
}

// awaitEmpty waits until the file is empty, which is bounded by the time that a
// case has.
func awaitEmpty(path string) {
	for {
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			return
		}
	}
}

func (o *openOutcome) count(got []byte) {
	old, changed := before(len(got)), after(len(got))
	for i, b := range got {
		switch b {
		case old[i]:
			o.Before++
		case changed[i]:
			o.After++
		default:
			o.Other++
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
