//go:build linux

package main

import (
	"errors"
	"flag"

	"github.com/mmapguard/go/conformance/lab"
)

// runFuse is `lab fuse`.
func runFuse(args []string) (int, error) {
	var fuse lab.Fuse
	flags := flag.NewFlagSet("lab fuse", flag.ContinueOnError)
	flags.StringVar(&fuse.Fault, "fault", "", "`spec` like eio=3 or *.bin@short=100;*@nolock (default none)")
	flags.Var(sizeFlag{&fuse.Size}, "size", "`bytes` that fit in at most (default 2G)")
	flags.StringVar(&fuse.Content, "content", "", "`directory` to copy in before CMD starts")
	if err := flags.Parse(args); err != nil {
		return lab.ExitLab, err
	}
	if flags.NArg() == 0 {
		return lab.ExitLab, errors.New("fuse: no command given")
	}
	return fuse.Run(flags.Args()...)
}
