package mmapguard_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// Much of what is tested here can only be shown by another process: one that
// strikes at the file, or one that dies. Both are this test binary again, told
// by the environment which role to play.
const roleEnv = "MMAPGUARD_TEST_ROLE"

// roles are what a child process can do; each topic registers its own.
var roles = map[string]func(args []string) error{}

// role registers a child's work at the start of the program.
func role(name string, run func(args []string) error) struct{} {
	if _, taken := roles[name]; taken {
		panic("two roles of the name " + name)
	}
	roles[name] = run
	return struct{}{}
}

// exitFailed is the exit code of a child that returned an error. Go programs
// that crash exit with 2.
const exitFailed = 3

func TestMain(m *testing.M) {
	if name := os.Getenv(roleEnv); name != "" {
		os.Exit(play(name, os.Args[1:]))
	}
	flag.Parse()
	// Where there are no processes, the tests that need one skip.
	if err := theAttacker.start(); err != nil && hasProcesses {
		fmt.Fprintln(os.Stderr, "the attacker does not start:", err)
		os.Exit(1)
	}
	code := m.Run()
	theAttacker.stop()
	os.Exit(code)
}

const hasProcesses = runtime.GOOS != "js" && runtime.GOOS != "wasip1"

func play(name string, args []string) int {
	run, ok := roles[name]
	if !ok {
		fmt.Fprintln(os.Stderr, "no such role:", name)
		return exitFailed
	}
	if err := run(args); err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		return exitFailed
	}
	return 0
}

func childCommand(ctx context.Context, name string, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), roleEnv+"="+name)
	// What children cover counts: go test reads all it finds in this directory.
	if dir := flag.Lookup("test.gocoverdir"); dir != nil && dir.Value.String() != "" {
		cmd.Env = append(cmd.Env, "GOCOVERDIR="+dir.Value.String())
	}
	return cmd
}

// outcome is how a child ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// run plays a role in a child process to its end. The time limit is a safety
// net: it turns a child that hangs into a failure.
func run(t *testing.T, setup func(*exec.Cmd), name string, args ...string) outcome {
	t.Helper()
	if !hasProcesses {
		t.Skip("needs a system with processes")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := childCommand(ctx, name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if setup != nil {
		setup(cmd)
	}
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", name, err)
	}
	if ctx.Err() != nil {
		t.Fatalf("%s: did not end\n%s", name, stderr.String())
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// head is the beginning of a crash report, without the stacks of all threads.
func head(s string) string {
	return s[:min(len(s), 2000)]
}
