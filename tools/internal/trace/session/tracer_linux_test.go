//go:build amd64 || arm64

package session_test

import (
	"fmt"
	"strconv"

	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

// tracerProgram traces a command, or joins a process, and says whom once it has
// seen a call of it.
func tracerProgram(args []string) error {
	c := session.Config{Command: args}
	if pid, err := strconv.Atoi(args[0]); err == nil {
		c = session.Config{PIDs: []int{pid}}
	}
	said := false
	_, err := session.Run(c, &record{begin: func(e *event.Event) bool {
		if !said && (c.Command == nil || e.Name == "clock_nanosleep") {
			said = true
			fmt.Println(e.PID)
		}
		return true
	}})
	return err
}
