//go:build linux

package faultfs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// childEnv carries a [childSpec] to the serving process.
const childEnv = "MMAPGUARD_LAB_FAULTFS"

// childSpec is what the serving process needs to know.
type childSpec struct {
	Dir     string `json:"dir"`
	Backing string `json:"backing"`
	Spec    string `json:"spec"`
}

// readyFD is where the serving process reports that the mount is up.
const readyFD = 3

// Init must be the first call in main (or TestMain) of a program that uses
// [Start]. It returns at once, except in the serving process, where it does not
// return.
func Init() {
	config := os.Getenv(childEnv)
	if config == "" {
		return
	}
	if err := serve(config); err != nil {
		fmt.Fprintln(os.Stderr, "faultfs:", err)
		os.Exit(1) //nolint:revive // this process is the server and nothing else
	}
	os.Exit(0) //nolint:revive // the same
}

// serve mounts, says so, and serves until the end of the mount.
func serve(config string) error {
	var c childSpec
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		return err
	}
	spec, err := Parse(c.Spec)
	if err != nil {
		return err
	}
	server, err := Mount(c.Dir, c.Backing, spec, func() { os.Exit(1) }) //nolint:revive // dying is what is asked for
	if err != nil {
		return err
	}
	ready := os.NewFile(readyFD, "ready")
	if _, err := ready.WriteString("up"); err != nil {
		return err
	}
	if err := ready.Close(); err != nil {
		return err
	}
	server.Wait()
	return nil
}

// A Child serves one mount from a process of its own.
type Child struct {
	dir string
	cmd *exec.Cmd
}

// Start serves as [Mount] does, but from a child process, and returns when the
// mount is up. The child dies with the thread that called Start, so the calling
// goroutine stays locked to it.
func Start(dir, backing string, spec Spec) (*Child, error) {
	config, err := json.Marshal(childSpec{dir, backing, spec.text})
	if err != nil {
		return nil, err
	}
	up, ready, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = up.Close() }() // only read
	runtime.LockOSThread()
	cmd := exec.CommandContext(context.Background(), "/proc/self/exe") // Stop ends it
	cmd.Args = []string{"faultfs"}
	cmd.Env = append(os.Environ(), childEnv+"="+string(config))
	cmd.Stderr = os.Stderr
	cmd.ExtraFiles = []*os.File{ready}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := errors.Join(cmd.Start(), ready.Close()); err != nil {
		return nil, fmt.Errorf("faultfs server: %w", err)
	}
	if said, err := io.ReadAll(up); err != nil || string(said) != "up" {
		return nil, errors.Join(fmt.Errorf("faultfs on %s did not come up", dir), err, cmd.Wait())
	}
	return &Child{dir, cmd}, nil
}

// Pid is the server's process.
func (c *Child) Pid() int { return c.cmd.Process.Pid }

// Stop ends the server as a crash would and unmounts what is left: requests
// under way fail, and so does all further use of open files.
func (c *Child) Stop() error {
	err := c.cmd.Process.Kill()
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	// That it was killed is no news.
	_ = c.cmd.Wait()
	return errors.Join(err, unix.Unmount(c.dir, unix.MNT_DETACH))
}
