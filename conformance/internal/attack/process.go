package attack

import (
	"context"
	"encoding/gob"
	"errors"
	"io"
	"os"
	"os/exec"

	"github.com/mmapguard/go/conformance/internal/child"
)

var (
	// ErrBusy means that somebody else holds the lock.
	ErrBusy = errors.New("the lock is held by another process")
	// ErrMissing means that this system has no such operation.
	ErrMissing = errors.New("this system has no such operation")
)

// Process is another process that carries out orders, one after the other.
type Process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	enc *gob.Encoder
	dec *gob.Decoder
}

// Start starts another process. It ends when this one ends.
func Start(ctx context.Context) (p *Process, err error) {
	err = child.Again(func() (err error) {
		p, err = start(ctx)
		return err
	})
	return p, err
}

func start(ctx context.Context) (*Process, error) {
	cmd, err := child.Command(ctx, "attack")
	if err != nil {
		return nil, err
	}
	// A case's processes are one group, so that a case that hangs can be ended
	// with all of them.
	cmd.SysProcAttr, cmd.Cancel = nil, func() error { return cmd.Process.Kill() }
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &Process{cmd, in, gob.NewEncoder(in), gob.NewDecoder(out)}, nil
}

// Do gives an order and waits until it is carried out.
func (p *Process) Do(o Order) error { return <-p.Begin(o) }

// Begin gives an order, and answers when it is carried out: an open for writing
// may wait for a lease. The next order must wait for that answer.
func (p *Process) Begin(o Order) <-chan error {
	done := make(chan error, 1)
	if err := p.enc.Encode(o); err != nil {
		done <- err
		return done
	}
	go func() { done <- p.answer() }()
	return done
}

func (p *Process) answer() error {
	var a answer
	if err := p.dec.Decode(&a); err != nil {
		return err
	}
	switch {
	case a.Busy:
		return ErrBusy
	case a.Missing:
		return ErrMissing
	case a.Err != "":
		return errors.New(a.Err)
	}
	return nil
}

// ID is the process's number.
func (p *Process) ID() int { return p.cmd.Process.Pid }

// End ends the process, and with it everything that it holds.
func (p *Process) End() error {
	return errors.Join(p.in.Close(), p.cmd.Wait())
}
