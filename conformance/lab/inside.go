//go:build linux

package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/faultfs"
	"github.com/mmapguard/go/conformance/lab/internal/pid1"
)

// Init must be the first call in main of a program that uses [FS.Run] or
// [Fuse.Run]. It returns at once, except in the second process such a call
// starts, which it turns into the environment's first process.
func Init() {
	faultfs.Init()
	config := os.Getenv(sandboxEnv)
	if config == "" {
		return
	}
	code, err := inside(config)
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
	}
	os.Exit(code) //nolint:revive // this process is the sandbox and nothing else
}

// inside makes the environment, runs the command in it and takes it down.
func inside(config string) (code int, err error) {
	// From here on, signals wait for the command; none kills a half-made mount.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, forwarded...)
	var spec sandboxSpec
	if err := json.Unmarshal([]byte(config), &spec); err != nil {
		return ExitLab, fmt.Errorf("sandbox description: %w", err)
	}
	if err := os.Unsetenv(sandboxEnv); err != nil {
		return ExitLab, err
	}
	// Processes are numbered anew in here; the old /proc would show others'.
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return ExitLab, fmt.Errorf("mount /proc: %w", err)
	}
	m := &mounter{spec: spec}
	defer func() {
		if failed := m.undo(); failed != nil {
			code, err = ExitLab, errors.Join(err, failed)
		}
	}()
	env, err := m.make()
	if err != nil {
		return ExitLab, fmt.Errorf("%s: %w", spec.Name, err)
	}
	return pid1.Run(spec.Command, &os.ProcAttr{
		Env:   append(os.Environ(), env...),
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
	}, signals)
}
