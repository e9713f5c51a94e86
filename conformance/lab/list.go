//go:build linux

package lab

import "github.com/mmapguard/go/conformance/lab/vm"

// An Environment is one thing a command can be run in.
type Environment struct {
	Name      string   `json:"name"`             // as on the command line
	Command   string   `json:"command"`          // the subcommand that takes it
	Available bool     `json:"available"`        // on this machine, now
	Reason    string   `json:"reason,omitempty"` // why not, and what would help
	ReadOnly  bool     `json:"readOnly,omitempty"`
	Disks     []string `json:"disks,omitempty"` // file systems a machine can have
	// WrongFaults: the address of a fault is wrong there, so that no fault can
	// be told from a nil dereference.
	WrongFaults bool `json:"wrongFaults,omitempty"`
}

// List tells of every environment whether this machine can make it.
func List() []Environment {
	var all []Environment
	for _, k := range kinds {
		e := environment("fs", k.name, k.missing())
		e.ReadOnly = k.readOnly
		all = append(all, e)
	}
	for _, m := range vm.List() {
		e := environment("vm", m.Name, m.Reason)
		e.Disks = vm.Disks()
		all = append(all, e)
	}
	for _, u := range userArches {
		e := environment("user", u.goarch, u.missing())
		e.WrongFaults = u.wrongFaults
		all = append(all, e)
	}
	return all
}

func environment(command, name, reason string) Environment {
	return Environment{Name: name, Command: command, Available: reason == "", Reason: reason}
}
