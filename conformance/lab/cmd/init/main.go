//go:build linux

// Command init is the first process of a virtual machine made by `lab vm`. It
// loads kernel modules, mounts the disks, runs one command, reports its exit
// code to the host and turns the machine off.
//
// That command can make the machine's disk fail, if it was made for that:
//
//	/init fail FILE OFFSET
//	/init heal FILE
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/internal/guest"
	"github.com/mmapguard/go/conformance/lab/internal/pid1"
)

func main() {
	if os.Getpid() != 1 {
		os.Exit(damage(os.Args[1:]))
	}
	control, err := task()
	if err != nil {
		report(control, "%s %v", guest.Failed, err)
	}
	unix.Sync()
	// It returns only if the kernel cannot turn the machine off, and then
	// ending makes the kernel panic, which ends the machine just as well.
	fmt.Fprintln(os.Stderr, "init: power off:", unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF))
}

// report writes one line to the host; to the console while there is no port.
func report(control *os.File, format string, args ...any) {
	if control == nil {
		control = os.Stderr
	}
	if _, err := fmt.Fprintf(control, format+"\n", args...); err != nil {
		fmt.Fprintln(os.Stderr, "init: report:", err)
	}
}

// task does what the machine was made for. An error means that the command did
// not run; control is nil if there is no way yet to tell the host.
func task() (control *os.File, err error) {
	if err := errors.Join(mountSystem(), loopbackUp()); err != nil {
		return nil, err
	}
	config, err := readConfig()
	if err != nil {
		return nil, err
	}
	if err := loadModules(config.Modules); err != nil {
		return nil, err
	}
	ports, err := openPorts(guest.ControlPort, guest.StdoutPort, guest.StderrPort)
	if err != nil {
		return nil, err
	}
	control = ports[0]
	env, err := mountDisks(config.Disks)
	if err != nil {
		return control, err
	}
	return control, run(config, env, ports)
}

// run runs the command between the reports of its start and its end.
func run(config guest.Config, env []string, ports []*os.File) error {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	report(ports[0], guest.Up)
	code, err := pid1.Run(config.Command, &os.ProcAttr{
		Dir: guest.WorkDir,
		// Of two values of a variable programs see the first.
		Env:   append(config.Env, env...),
		Files: []*os.File{null, ports[1], ports[2]},
	}, nil)
	if err != nil {
		// The exit code says it too, if the host should have stopped listening.
		_, _ = fmt.Fprintln(ports[2], "init:", err)
	}
	report(ports[0], "%s %d", guest.Exited, code)
	return errors.Join(ports[1].Close(), ports[2].Close())
}

func readConfig() (config guest.Config, err error) {
	text, err := os.ReadFile(guest.ConfigFile)
	if err != nil {
		return config, err
	}
	return config, json.Unmarshal(text, &config)
}
