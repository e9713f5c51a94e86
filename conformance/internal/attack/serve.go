package attack

import (
	"encoding/gob"
	"errors"
	"io"
	"os"

	"github.com/gofrs/flock"

	"github.com/mmapguard/go/conformance/internal/child"
)

func init() {
	child.Register("attack", func([]string) error { return serve(os.Stdin, os.Stdout) })
}

// serve carries out orders until there are no more.
func serve(r io.Reader, w io.Writer) error {
	dec, enc := gob.NewDecoder(r), gob.NewEncoder(w)
	var h hold
	for {
		var o Order
		switch err := dec.Decode(&o); {
		case errors.Is(err, io.EOF):
			return h.release()
		case err != nil:
			return err
		}
		if err := enc.Encode(answerFor(h.do(o))); err != nil {
			return err
		}
	}
}

func answerFor(err error) answer {
	a := answer{Busy: errors.Is(err, ErrBusy), Missing: errors.Is(err, ErrMissing)}
	if err != nil {
		a.Err = err.Error()
	}
	return a
}

// hold is what lasts from one order to the next.
type hold struct {
	releases []func() error
	mapped   []byte
}

func (h *hold) keep(release func() error) { h.releases = append(h.releases, release) }

func (h *hold) release() error {
	var err error
	for _, release := range h.releases {
		err = errors.Join(err, release())
	}
	h.releases, h.mapped = nil, nil
	return err
}

func (h *hold) do(o Order) error {
	switch o.Op {
	case Truncate:
		return os.Truncate(o.Path, o.Size)
	case Write:
		return writeAt(o)
	case Append:
		return appendTo(o)
	case Replace:
		return replace(o)
	case Remove:
		return os.Remove(o.Path)
	case Rename:
		return os.Rename(o.Path, o.To)
	case Symlink:
		return symlink(o.To, o.Path)
	case Fifo:
		return fifo(o.Path)
	case Release:
		return h.release()
	}
	return h.take(o)
}

// take does the orders whose effect lasts.
func (h *hold) take(o Order) error {
	switch o.Op {
	case LockExclusive:
		return h.lock(o.Path, (*flock.Flock).TryLock)
	case LockShared:
		return h.lock(o.Path, (*flock.Flock).TryRLock)
	case OpenWrite:
		return h.openWrite(o.Path)
	case MapWrite:
		return h.mapWrite(o.Path)
	case Store:
		copy(h.mapped[o.Off:], o.Data)
		return nil
	case SwapLinks:
		return h.swapLinks(o.Path, o.To, string(o.Data))
	}
	return ErrMissing
}

func (h *hold) lock(path string, try func(*flock.Flock) (bool, error)) error {
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := try(lock)
	if err == nil && !ok {
		err = ErrBusy
	}
	if err != nil {
		return errors.Join(err, lock.Unlock())
	}
	h.keep(lock.Unlock)
	return nil
}

func (h *hold) openWrite(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	h.keep(f.Close)
	return nil
}

// swapLinks lets a link lead here and there in turn.
func (h *hold) swapLinks(path, here, there string) error {
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			for _, to := range []string{here, there} {
				if err := symlink(to, path); err != nil {
					done <- err
					return
				}
			}
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
		}
	}()
	h.keep(func() error {
		close(stop)
		return <-done
	})
	return nil
}
