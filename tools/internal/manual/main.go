// Command manual writes what goes into an archive beside a command: manual pages
// and completion for shells. It is run by the release, from tools/:
//
//	go run ./internal/manual -out DIR [BINARY...]
//
// The commands built on cobra are listed here; each BINARY is another command,
// whose manual page is what it says when asked for help.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	assure "github.com/mmapguard/go/tools/internal/assure/cli"
	"github.com/mmapguard/go/tools/internal/cli"
	guardtrace "github.com/mmapguard/go/tools/internal/trace/cli"
)

// commands are the roots of those that are built on cobra.
func commands() []*cobra.Command {
	return []*cobra.Command{cli.Command(), assure.Command(), guardtrace.Command()}
}

func main() {
	out := flag.String("out", "", "`directory` to write man/ and completions/ into")
	flag.Parse()
	if err := write(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

func write(out string, binaries []string) error {
	if out == "" {
		return fmt.Errorf("no directory given; use -out")
	}
	date, err := releaseDate()
	if err != nil {
		return err
	}
	pages, completions := filepath.Join(out, "man"), filepath.Join(out, "completions")
	for _, dir := range []string{pages, completions} {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return fmt.Errorf("make a directory for the manual: %w", err)
		}
	}
	for _, command := range commands() {
		if err := describe(command, pages, date); err != nil {
			return err
		}
		if err := complete(command, completions); err != nil {
			return err
		}
	}
	for _, binary := range binaries {
		if err := quote(binary, pages, date); err != nil {
			return err
		}
	}
	return nil
}

// releaseDate is SOURCE_DATE_EPOCH, in seconds since 1970, so that two builds of
// one commit are the same: https://reproducible-builds.org/specs/source-date-epoch/
func releaseDate() (time.Time, error) {
	const name = "SOURCE_DATE_EPOCH"
	seconds, err := strconv.ParseInt(os.Getenv(name), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s must be the time of the commit: %w", name, err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
