// Package guest is what a virtual machine's host and its /init agree upon.
package guest

// ConfigFile is where the initramfs holds a [Config] as JSON.
const ConfigFile = "/lab.json"

// ModuleDir holds the kernel modules, named as in [Config.Modules].
const ModuleDir = "/modules"

// ContentDir holds the content on its way to the test directory.
const ContentDir = "/content"

// Content is the folder of the test directory that gets the content.
const Content = "content"

// WorkDir is the command's working directory; it holds the test binary and a
// copy of its testdata and sources.
const WorkDir = "/work"

// Names of the ports that carry the command's output and the guest's reports.
// They are not the console, so a kernel message never gets in between.
const (
	StdoutPort  = "lab.stdout"
	StderrPort  = "lab.stderr"
	ControlPort = "lab.control"
)

// What the guest reports, one line each.
const (
	Up     = "up"     // the machine has booted; the command starts now
	Exited = "exited" // followed by a space and the command's exit code
	Failed = "failed" // followed by a space and what went wrong before that
)

// Config is the machine's task.
type Config struct {
	Modules []string `json:"modules"` // file names, each after those it needs
	Disks   []Disk   `json:"disks"`
	Command []string `json:"command"`
	Env     []string `json:"env"` // beside what /init sets
}

// Disk is one virtual disk with a file system.
type Disk struct {
	Name    string `json:"name"` // the serial number of the device, and the mount point's name
	FSType  string `json:"fsType"`
	Options string `json:"options"` // for mount
	Mapper  bool   `json:"mapper"`  // through a device-mapper device, so that it can be made to fail
}
