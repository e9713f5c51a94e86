package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/mmapguard/go/conformance"
	"github.com/mmapguard/go/mmapguard"
)

// command is what the command line asks for.
type command struct {
	options     conformance.Options
	list        bool
	version     bool
	noConfine   bool
	json, junit string
}

func parse(args []string, stderr io.Writer) (*command, error) {
	c := &command{}
	fs := flag.NewFlagSet("mmapguard-conformance", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() { usage(fs) }
	fs.StringVar(&c.options.Dir, "dir", "", "`directory` on the file system in question (default the one for temporary files)")
	fs.StringVar(&c.options.Content, "content", "", "`directory` with files that are only read (default none, or --dir if that is read-only)")
	fs.StringVar(&c.options.Name, "name", "", "`name` of this platform in comparisons (default a description)")
	fs.StringVar(&c.json, "json", "", "write the report as JSON to a `file`; - is standard output")
	fs.StringVar(&c.junit, "junit", "", "write the report as JUnit XML to a `file`; - is standard output")
	fs.BoolVar(&c.list, "list", false, "list the cases as a table in Markdown, and run none")
	fs.BoolVar(&c.version, "version", false, "print the version, and what the program is confined to")
	fs.BoolVar(&c.noConfine, "no-confine", false, "keep the right to change files outside --dir")
	fs.StringVar(&c.options.Damage, "damage", "", "`command` that makes a page unreadable, called with fail FILE OFFSET and heal FILE (for laboratories; wants --parallel 1)")
	fs.BoolVar(&c.options.NoFaults, "no-faults", false, "leave out what needs memory faults (for emulated processors)")
	fs.BoolVar(&c.options.StopEarly, "stop-early", false, "stop at the first promise that is broken")
	fs.DurationVar(&c.options.Timeout, "timeout", conformance.DefaultTimeout, "`time` that one run of a case may take")
	fs.IntVar(&c.options.Parallel, "parallel", conformance.DefaultParallel, "how `many` cases to run at a time")
	fs.Func("run", "run only the cases whose ID matches a regular `expression`", func(s string) (err error) {
		c.options.Run, err = regexp.Compile(s)
		return err
	})
	fs.Func("exclude", "leave out a case, for a reason: `ID:reason`; may be repeated", c.addExclusion)
	fs.Func("guarantee", "run only the cases of a `guarantee`; may be repeated", c.addGuarantee)
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	return c, c.check(fs)
}

func usage(fs *flag.FlagSet) {
	fmt.Fprint(fs.Output(), `usage: mmapguard-conformance [flags]
       mmapguard-conformance merge [--json] REPORT...

Tries what mmapguard promises, in a temporary folder of a directory. Exits with
0 if all that is offered was kept, 1 if a promise was broken, 2 if it could not
run. merge puts the JSON reports of several platforms side by side.

`)
	fs.PrintDefaults()
}

func (c *command) addGuarantee(name string) error {
	for _, g := range mmapguard.Guarantees() {
		if strings.EqualFold(g.String(), name) {
			c.options.Guarantees = append(c.options.Guarantees, g)
			return nil
		}
	}
	return fmt.Errorf("no such guarantee; there are %v", mmapguard.Guarantees())
}

// addExclusion takes "ID:reason". A case that does not exist is an error, or a
// list of exclusions would outlive its cases.
func (c *command) addExclusion(text string) error {
	id, reason, _ := strings.Cut(text, ":")
	if _, ok := conformance.Find(id); !ok {
		return fmt.Errorf("there is no case %q", id)
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return errors.New("want ID:reason")
	}
	if c.options.Exclude == nil {
		c.options.Exclude = map[string]string{}
	}
	c.options.Exclude[id] = reason
	return nil
}

func (c *command) check(fs *flag.FlagSet) error {
	switch {
	case fs.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", fs.Arg(0))
	case c.options.Timeout <= 0:
		return fmt.Errorf("--timeout %v: want more than 0", c.options.Timeout)
	case c.options.Damage != "" && c.options.Parallel != 1:
		return errors.New("--damage wants --parallel 1: one page fails at a time")
	case c.options.Parallel < 1:
		return fmt.Errorf("--parallel %d: want 1 or more", c.options.Parallel)
	case c.json == "-" && c.junit == "-":
		return fmt.Errorf("--json and --junit cannot both go to standard output")
	}
	return nil
}
