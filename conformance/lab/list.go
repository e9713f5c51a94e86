//go:build linux

package lab

// An Environment is one thing a command can be run in.
type Environment struct {
	Name      string `json:"name"`             // as on the command line
	Command   string `json:"command"`          // the subcommand that takes it
	Available bool   `json:"available"`        // on this machine, now
	Reason    string `json:"reason,omitempty"` // why not, and what would help
	ReadOnly  bool   `json:"readOnly,omitempty"`
}

// List tells of every environment whether this machine can make it.
func List() []Environment {
	var all []Environment
	for _, k := range kinds {
		all = append(all, environment("fs", k.name, k.missing(), k.readOnly))
	}
	return all
}

func environment(command, name, reason string, readOnly bool) Environment {
	return Environment{Name: name, Command: command, Available: reason == "", Reason: reason, ReadOnly: readOnly}
}
