package peers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// dying is how long a timed-out child has to print its stacks.
const dying = 5 * time.Second

// spawn runs one child to its end, striking when it is ready.
func (s *stage) spawn(ctx context.Context, program string, timeout time.Duration, h Hazard, p Peer) (*ending, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout*time.Duration(max(h.Patience, 1)))
	defer cancel()
	cmd := exec.CommandContext(ctx, program, ChildCommand, h.ID, p.Name, s.path) // #nosec G204 -- our own program
	// One dump of the stacks tells where a child hangs; the runtime's own words
	// are the only trace of the signal that killed it.
	cmd.Env = append(os.Environ(), "GOTRACEBACK=single")
	cmd.Cancel = func() error { return askForStacks(cmd.Process) }
	cmd.WaitDelay = dying
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	in, out, err := pipes(cmd)
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	events, talkErr := s.converse(in, out)
	waitErr := cmd.Wait()
	return s.ended(ctx, cmd.ProcessState, events, stderr.String(), talkErr, waitErr)
}

// askForStacks sends SIGQUIT, or ends the process where there is no such thing.
func askForStacks(p *os.Process) error {
	if p.Signal(syscall.SIGQUIT) == nil {
		return nil
	}
	return p.Kill()
}

func pipes(cmd *exec.Cmd) (io.WriteCloser, io.ReadCloser, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	return in, out, err
}

// converse collects the child's events and strikes when it says so. A child may
// die at any time, so the end of its words is not an error.
func (s *stage) converse(in io.Writer, out io.Reader) ([]event, error) {
	var events []event
	for dec := json.NewDecoder(out); ; {
		var ev event
		if err := dec.Decode(&ev); err != nil {
			return events, silence(err)
		}
		events = append(events, ev)
		if ev.Kind == ready {
			if err := s.strikeNow(in); err != nil {
				return events, err
			}
		}
	}
}

func (s *stage) strikeNow(in io.Writer) error {
	if err := s.strike(); err != nil {
		return fmt.Errorf("striking: %w", err)
	}
	_, err := io.WriteString(in, "struck\n")
	return err
}

// silence accepts the ways in which a dead child stops talking.
func silence(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// ended gathers what is known. Only failures of the harness are errors: that a
// child died is a result.
func (s *stage) ended(ctx context.Context, ps *os.ProcessState, events []event, stderr string, talkErr, waitErr error) (*ending, error) {
	e := &ending{
		events:   events,
		stderr:   stderr,
		state:    ps.String(),
		clean:    waitErr == nil,
		broken:   ps.ExitCode() == BrokenCode,
		timedOut: errors.Is(ctx.Err(), context.DeadlineExceeded) && waitErr != nil,
	}
	switch {
	case e.broken:
		return nil, errors.New(stderr)
	case e.clean && talkErr != nil:
		return nil, talkErr
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, context.Canceled
	}
	var err error
	if s.damage != nil {
		e.damage, err = s.damage()
	}
	return e, err
}
