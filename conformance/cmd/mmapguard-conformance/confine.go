package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
)

// confine leaves the program and all that it starts with the right to read, and
// to change what is below the directory of the run and the files of the reports.
// It comes before the first file of the run. What the system does not have it
// does without, as the commands that read files do: --version tells.
//
// It is less than those do. The cases start processes, trace them, and talk to
// themselves over a socket, and so no system call is refused. Nothing can be
// mounted any more (landlock(7)), for which one case says so. A laboratory's
// --damage reaches beneath the file system, where nothing can be confined.
func (c *command) confine() error {
	if c.noConfine || c.options.Damage != "" {
		return nil
	}
	dir, err := filepath.Abs(cmp.Or(c.options.Dir, os.TempDir()))
	if err != nil {
		return err
	}
	var files []string
	for _, name := range []string{c.json, c.junit} {
		if name == "" || name == "-" {
			continue
		}
		if err := touch(name); err != nil {
			return err
		}
		files = append(files, name)
	}
	return restrict(dir, files)
}

// touch makes a file unless there is one: a right is given to a file, not to a
// name.
func touch(name string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	return f.Close()
}

// printVersion tells what this is, and what it is confined to.
func (c *command) printVersion(w io.Writer) error {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	confined := "not prevented: --no-confine"
	if !c.noConfine {
		confined = confinement()
	}
	_, err := fmt.Fprintf(w, "mmapguard-conformance %s %s %s/%s\nchanging files outside --dir is %s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, confined)
	return err
}

// whole wraps an error of confinement, before which nothing was tried.
func whole(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("confining this process (--no-confine does without): %w", err)
}
