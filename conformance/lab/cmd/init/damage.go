//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/mmapguard/go/conformance/lab/ioerror"
)

// damage is what the program does when it is not the first process. It returns
// the exit code.
func damage(args []string) int {
	if err := failOrHeal(args); err != nil {
		fmt.Fprintln(os.Stderr, "init:", err)
		return 1
	}
	return 0
}

func failOrHeal(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "fail":
		offset, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil {
			return err
		}
		return ioerror.Fail(args[1], offset)
	case len(args) == 2 && args[0] == "heal":
		return ioerror.Heal(args[1])
	}
	return errors.New("this is for a virtual machine's first process; in one, also: fail FILE OFFSET, heal FILE")
}
