//go:build amd64 || arm64

package session_test

import (
	"fmt"
	"strconv"

	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/filter"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

// tracerProgram traces a command, or joins a process, and says whom once it has
// seen a call of it: of a command the one that has started it, after which it
// runs on its own.
func tracerProgram(args []string) error {
	c := session.Config{Command: args}
	if pid, err := strconv.Atoi(args[0]); err == nil {
		c = session.Config{PIDs: []int{pid}}
	}
	if c.Command != nil {
		c.Calls = filter.Set{"execve": true}
	}
	said := false
	_, err := session.Run(c, &record{event: func(e *event.Event) {
		if !said {
			said = true
			fmt.Println(e.PID)
		}
	}})
	return err
}
