package conformance

import (
	"encoding/json"
	"errors"
	"os"

	"github.com/mmapguard/go/conformance/internal/child"
	"github.com/mmapguard/go/conformance/internal/strike"
)

// traced runs an order in a process whose system calls at is told of, twice
// each. Paths must be absolute.
func (e *Env) traced(o openOrder, at func(*strike.Call)) openOutcome {
	if o.Mechanism == "" {
		o.Mechanism = e.Mechanism
	}
	self, err := os.Executable()
	e.must(err, "finding the program")
	args, err := json.Marshal(o)
	e.must(err, "order")
	if os.Getenv(child.WrapperVar) != "" {
		e.notOffered("the processor is emulated: its system calls cannot be stopped")
	}
	end, err := strike.Run(strike.Command{Argv: []string{self, string(args)}, Env: child.Environ("open")}, at)
	switch {
	case errors.Is(err, strike.ErrUnavailable):
		e.notOffered("%v", err)
	case err != nil:
		e.broken("watching a process: %v", err)
	case end.Status != 0:
		e.broken("the process that was watched ended with status %d %s", end.Status, end.Signal)
	}
	var out openOutcome
	e.must(json.Unmarshal([]byte(end.Output), &out), "outcome")
	if out.Missing != "" {
		e.notOffered("%s", out.Missing)
	}
	return out
}

// observe is the list of system calls that an order leads to, which has to
// succeed, as they were answered.
func (e *Env) observe(o openOrder) []strike.Call {
	var calls []strike.Call
	out := e.traced(o, func(c *strike.Call) {
		if c.Done {
			calls = append(calls, *c)
		}
	})
	for what, failure := range map[string]string{"opening": out.Error, "reading": out.ReadError, "closing": out.CloseError} {
		e.check(failure == "", "%s: %s", what, failure)
	}
	return calls
}

// strike runs an order and carries out the blow once, at the first call that
// when picks, which has to come.
func (e *Env) strike(o openOrder, when func(*strike.Call) bool, blow func()) openOutcome {
	struck := false
	out := e.traced(o, func(c *strike.Call) {
		if !struck && when(c) {
			struck = true
			blow()
		}
	})
	e.check(struck, "the system call to strike at never came; outcome %+v", out)
	return out
}
