//go:build linux

package vm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mmapguard/go/conformance/lab/internal/guest"
)

// reports collects the guest's lines and reads them.
type reports struct {
	bytes.Buffer
	exited bool
}

// outcome is the program's exit code, or why there is none.
func (r *reports) outcome(ctx context.Context) (code int, err error) {
	started := false
	for line := range strings.Lines(r.String()) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case guest.Up:
			started = true
		case guest.Failed:
			return 0, fmt.Errorf("%w: %s", ErrNoBoot, rest)
		case guest.Exited:
			r.exited = true
			_, err := fmt.Sscan(rest, &code)
			return code, err
		}
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return 0, ctx.Err()
	case !started && ctx.Err() != nil:
		return 0, fmt.Errorf("%w: %w", ErrNoBoot, ctx.Err())
	case !started:
		return 0, ErrNoBoot
	case ctx.Err() != nil:
		return 0, ErrTimeout
	}
	return 0, ErrDied
}

// tailSize is how much of the console is shown when something went wrong.
const tailSize = 8 << 10

// tail keeps the last of what is written to it, and copies all of it.
type tail struct {
	last []byte
	copy io.Writer
}

func (t *tail) Write(p []byte) (int, error) {
	t.last = append(t.last, p...)
	if extra := len(t.last) - tailSize; extra > 0 {
		t.last = t.last[extra:]
	}
	if t.copy != nil {
		return t.copy.Write(p)
	}
	return len(p), nil
}
