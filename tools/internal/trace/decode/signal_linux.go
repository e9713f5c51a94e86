//go:build amd64 || arm64

package decode

import (
	"fmt"

	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
)

// Signal describes a signal that arrives at a thread, or has stopped its
// process.
func (d *Decoder) Signal(s ptrace.Signal) *event.Event {
	e := &event.Event{Kind: event.Signal, PID: s.PID, TID: s.TID, At: s.At, Name: d.SignalName(s.Number)}
	switch {
	case s.StopsGroup:
		e.Detail = "stopped"
	case s.Address != 0:
		e.Detail = fmt.Sprintf("si_code=%d, si_addr=%#x", s.Code, s.Address)
	default:
		e.Detail = fmt.Sprintf("si_code=%d, si_pid=%d", s.Code, s.Sender)
	}
	return e
}
