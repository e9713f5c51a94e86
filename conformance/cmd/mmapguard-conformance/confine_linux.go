package main

import (
	"fmt"
	"os"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// referSince is the version of Landlock that can let a file change its directory.
// Best effort for a rule that asks an older one for it would be no rules at all.
const referSince = 2

// truncateSince is the version that prevents files from being truncated.
const truncateSince = 3

// restrict lets this process and its children read everything, and change what
// is below a directory and some files (landlock(7)). It is confine.Changes again,
// whose package would bring modules into the program that have nothing to do with
// what it tries (AV-5/only-declared-modules).
func restrict(dir string, files []string) error {
	rules := []landlock.Rule{
		landlock.RODirs("/"),
		landlock.RWFiles(append([]string{os.DevNull}, files...)...), // commands without output have it as theirs
	}
	if _, err := os.Stat(dir); err == nil { // else the run says so
		below := landlock.RWDirs(dir)
		if version, err := ll.LandlockGetABIVersion(); err == nil && version >= referSince {
			below = below.WithRefer()
		}
		rules = append(rules, below)
	}
	return landlock.V5.BestEffort().RestrictPaths(rules...)
}

// confinement says what restrict does on this kernel.
func confinement() string {
	version, err := ll.LandlockGetABIVersion()
	if err != nil {
		return fmt.Sprintf("not prevented: this kernel has no Landlock (%v)", err)
	}
	text := fmt.Sprintf("prevented by Landlock %d; system calls are not filtered, since the cases make many", version)
	if version < truncateSince {
		text += "; files can be truncated"
	}
	return text
}
