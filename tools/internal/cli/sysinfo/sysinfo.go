// Package sysinfo tells what this machine is and has, as far as that matters to
// mapped files. It asks the system itself, by doing the thing where that is
// possible, and never guesses from a version number.
package sysinfo

import (
	"os"
	"runtime"
)

// System is what does not depend on a directory.
type System struct {
	OS       string `json:"os"`
	Kernel   string `json:"kernel"`
	Arch     string `json:"arch"`
	PageSize int    `json:"pageSize"`
	// Limits are those of mapping and locking, by their names.
	Limits []Limit `json:"limits"`
}

// Limit is one setting of the kernel or the process.
type Limit struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Meaning says what it bounds.
	Meaning string `json:"meaning"`
}

// Describe asks the system. What it does not answer is "unknown".
func Describe() System {
	return System{
		OS:       runtime.GOOS,
		Kernel:   kernel(),
		Arch:     runtime.GOARCH,
		PageSize: os.Getpagesize(),
		Limits:   limits(),
	}
}

const unknown = "unknown"

// FileSystem is the type of the file system that a path is on, as its mount
// command would call it, or "unknown" with what is known.
func FileSystem(path string) string { return fileSystem(path) }
