//go:build amd64 || arm64

package ptrace

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// stubName is the name by which this program starts itself in order to become
// another one: between being seized and executing that, it puts the filter on.
const stubName = "guardtrace: about to execute a program"

// stubEnv keeps the stub's runtime from sending itself SIGURG, which could still
// be on its way when the stub has become the program: the trace would tell of a
// signal that without it there is none of (runtime, "GODEBUG").
const stubEnv = "GODEBUG=asyncpreemptoff=1"

// wakerName is the name by which this program starts itself in order to end
// when it is told to; the end of a child is what wait4(2) wakes up for.
const wakerName = "guardtrace: waker"

// The descriptors of the stub.
const (
	orderFD  = 3 // says what to do
	answerFD = 4 // says what failed
)

// order is what the stub is told.
type order struct {
	Path   string            `json:"path"`
	Argv   []string          `json:"argv"`
	Env    []string          `json:"env"`
	Filter []unix.SockFilter `json:"filter"`
}

// The stub must be the process's first thread, which only init can be sure of.
func init() { //nolint:gochecknoinits // see above
	switch os.Args[0] {
	case stubName:
		runtime.LockOSThread()
		fail(become())
	case wakerName:
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}
}

// become turns the process into the program that it is told of. It returns the
// step that failed, and why.
func become() (step string, err error) {
	unix.CloseOnExec(orderFD)
	unix.CloseOnExec(answerFD)
	var o order
	if err := json.NewDecoder(os.NewFile(orderFD, "order")).Decode(&o); err != nil {
		return "order", err
	}
	if o.Filter != nil {
		if err := install(o.Filter); err != nil {
			return "filter", err
		}
	}
	// #nosec G204 -- executing what the user names is the purpose
	return "exec", syscall.Exec(o.Path, o.Argv, o.Env)
}

// fail reports an error number, and ends.
func fail(step string, err error) {
	var number syscall.Errno
	_ = errors.As(err, &number) // 0 says that it was no error of the kernel's
	_, _ = fmt.Fprintf(os.NewFile(answerFD, "answer"), "%s %d", step, int(number))
	os.Exit(1) //nolint:revive // deep-exit: the process was started to become another, and cannot
}
