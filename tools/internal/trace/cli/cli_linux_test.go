//go:build amd64 || arm64

package cli_test

import (
	"errors"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/tools/internal/trace/cli"
	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"guardtrace": func() { exit(cli.Main()) },
		"mapper":     func() { exit(mapper()) },
	})
}

// none is a sink for nothing.
type none struct{}

func (none) Begin(*event.Event) bool { return true }
func (none) Event(*event.Event)      {}

func TestScripts(t *testing.T) {
	if _, err := session.Run(session.Config{Command: []string{"true"}}, none{}); errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
		t.Skipf("programs cannot be traced here: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
	})
}

// exits runs a command and wants exactly the given exit code, or, as -N, to be
// ended by signal N.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
		if status, ok := exit.Sys().(interface{ Signal() unix.Signal }); ok && code < 0 {
			code = -int(status.Signal())
		}
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}
