//go:build linux

package main

import (
	"flag"

	"github.com/mmapguard/go/conformance/lab"
)

// sizeFlag is a number of bytes on the command line.
type sizeFlag struct{ bytes *int64 }

func (f sizeFlag) String() string { return "" }

func (f sizeFlag) Set(s string) (err error) {
	*f.bytes, err = lab.ParseSize(s)
	return err
}

// runFS is `lab fs`.
func runFS(args []string) (int, error) {
	var fs lab.FS
	flags := flag.NewFlagSet("lab fs", flag.ContinueOnError)
	flags.Var(sizeFlag{&fs.Size}, "size", "`bytes` of the file system, like 12G; images are sparse (default 2G)")
	flags.StringVar(&fs.Content, "content", "", "`directory` to copy in before CMD starts")
	name, command, err := nameAndCommand(flags, args)
	if err != nil {
		return lab.ExitLab, err
	}
	fs.Name = name
	return fs.Run(command...)
}
