package cli

import (
	"context"
	"errors"
	"io"

	"github.com/mmapguard/go/mmapguard"
)

// obtained is what opening a file gave.
type obtained struct {
	Size      int64               `json:"size"`
	Backing   mmapguard.Backing   `json:"backing"`
	Guarantee mmapguard.Guarantee `json:"guarantee"`
	Mechanism mmapguard.Mechanism `json:"mechanism"`
}

func describe(d *mmapguard.FileData) *obtained {
	return &obtained{d.Size(), d.Backing(), d.Guarantee(), d.Mechanism()}
}

// streamed is the outcome of reading a file to its end. What was obtained is
// nil if the file was never opened, or has no bytes that could be.
type streamed struct {
	*obtained
	Bytes int64 `json:"bytesRead"`
}

// stream opens a file, or standard input for "-", and writes it to w.
//
// An empty file is not mapped, but it can be read: it is no bytes.
func stream(name string, opts []mmapguard.Option, w io.Writer) (res streamed, err error) {
	d, err := mmapguard.Load(name, opts...)
	if errors.Is(err, mmapguard.ErrEmpty) {
		return res, nil
	}
	if err != nil {
		return res, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	res.obtained = describe(d)
	if res.Bytes, err = d.WriteTo(w); err != nil {
		return res, err
	}
	changed, err := d.Changed()
	if err == nil && changed {
		err = &changedError{name}
	}
	return res, err
}

// eachFile runs work for every name. A file that fails is reported and does not
// keep the others from their turn; the exit code tells of all of them.
func (s *session) eachFile(ctx context.Context, names []string, report func(error), work func(name string) error) error {
	codes := make([]int, 0, len(names))
	for _, name := range names {
		err := s.outputGone(interruptible(ctx, func() error { return work(name) }))
		if errors.Is(err, context.Canceled) || errors.Is(err, errBrokenPipe) {
			return err
		}
		codes = append(codes, reported(err, report))
	}
	if code := worst(codes); code != exitOK {
		return &silentError{code}
	}
	return nil
}

// reported gives the exit code for an error, which it reports unless that has
// been done.
func reported(err error, report func(error)) int {
	var silent *silentError
	if errors.As(err, &silent) {
		return silent.code
	}
	if err != nil {
		report(err)
	}
	return classify(err).Code
}

// interruptible runs work, but does not wait for its end once the context is
// cancelled. A read of standard input and a write to a full pipe can last for
// ever and can not be called back; the process's end is what ends them.
func interruptible(ctx context.Context, work func() error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
