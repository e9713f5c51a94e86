package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// describe writes a page for root and for each of its subcommands.
func describe(root *cobra.Command, dir string, date time.Time) error {
	// Cobra would put the day of the build into each page.
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Section: "1", Source: "mmapguard", Manual: "User Commands", Date: &date}
	if err := doc.GenManTree(root, header, dir); err != nil {
		return fmt.Errorf("write the manual of %s: %w", root.Name(), err)
	}
	return nil
}

// complete writes completion for every shell that cobra knows.
func complete(root *cobra.Command, dir string) error {
	name := filepath.Join(dir, root.Name())
	for ending, generate := range map[string]func(string) error{
		".bash": func(file string) error { return root.GenBashCompletionFileV2(file, true) },
		".zsh":  root.GenZshCompletionFile,
		".fish": func(file string) error { return root.GenFishCompletionFile(file, true) },
		".ps1":  root.GenPowerShellCompletionFileWithDesc,
	} {
		if err := generate(name + ending); err != nil {
			return fmt.Errorf("write completion for %s: %w", root.Name(), err)
		}
	}
	return nil
}

// asks is how a command is asked for help that knows another way than --help, or
// that says more when asked so.
var asks = map[string]string{"guardvet": "help"}

// quote writes a page with the help text of binary as it is.
func quote(binary, dir string, date time.Time) error {
	name := strings.TrimSuffix(filepath.Base(binary), ".exe")
	cmd := exec.CommandContext(context.Background(), binary, cmp.Or(asks[name], "--help")) // #nosec G204 -- named by whoever runs this
	// Package flag quotes the name that the command was called by: the folder that
	// it lies in is no part of the manual, and differs from build to build.
	cmd.Args[0] = name
	// Asked for help, package flag exits with 2 in some commands: text counts.
	help, err := cmd.CombinedOutput()
	if len(strings.TrimSpace(string(help))) == 0 {
		return fmt.Errorf("%s says nothing when asked for help: %w", binary, err)
	}
	page := fmt.Sprintf(".TH %q 1 %q mmapguard %q\n.SH NAME\n%s\n.SH USAGE\n.nf\n%s.fi\n",
		strings.ToUpper(name), date.Format("Jan 2006"), "User Commands", name, roff(string(help)))
	file := filepath.Join(dir, name+".1")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		return fmt.Errorf("write the manual of %s: %w", name, err)
	}
	return nil
}

// roff is text with what troff would take for its own escaped: backslashes,
// hyphens, and dots and quotes that begin a line.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	var page strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			page.WriteString(`\&`)
		}
		page.WriteString(line)
	}
	return page.String()
}
