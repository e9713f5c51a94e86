// Package child starts this very program again to do one named action in a
// process of its own. A case needs that whenever "another process" is part of
// what is promised, and whenever the process may not survive.
package child

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

const (
	// actionVar names the action in the environment of a child.
	actionVar = "MMAPGUARD_CONFORMANCE_ACTION"

	// WrapperVar, in the environment, is a command put before the program's own
	// name whenever it starts itself again: an emulator that the kernel does not
	// know by itself.
	WrapperVar = "MMAPGUARD_CONFORMANCE_EXEC"

	// leftovers is how long the pipes of an ended process are waited for, which a
	// grandchild may have inherited.
	leftovers = 2 * time.Second
)

// Action is what a child does. An error ends it with status 1 and the error's
// text on standard error.
type Action func(args []string) error

var actions = map[string]Action{}

// Register names an action. Call it while the package initializes: child and
// parent must agree.
func Register(name string, a Action) {
	if _, twice := actions[name]; twice {
		panic("child: action " + name + " is registered twice")
	}
	actions[name] = a
}

// Main does the action and exits if this process is a child, and returns at
// once if it is not. It has to be the first thing in main or TestMain.
func Main() {
	name := os.Getenv(actionVar)
	if name == "" {
		return
	}
	action, ok := actions[name]
	if !ok {
		fail(fmt.Errorf("no action %q", name))
	}
	if err := action(os.Args[1:]); err != nil {
		fail(err)
	}
	os.Exit(0)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Command is a command that does the named action in a process of its own, and
// in a process group of its own where there are such, so that its end takes
// whatever it started along.
func Command(ctx context.Context, name string, args ...string) (*exec.Cmd, error) {
	argv, err := argv(args)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = Environ(name)
	cmd.WaitDelay = leftovers
	isolate(cmd)
	return cmd, nil
}

// Environ is the environment of a child that does the named action.
func Environ(name string) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, actionVar+"=") })
	return append(env, actionVar+"="+name)
}

func argv(args []string) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return append(append(strings.Fields(os.Getenv(WrapperVar)), self), args...), nil
}
