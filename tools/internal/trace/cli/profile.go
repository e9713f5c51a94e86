package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/profile"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
	"github.com/mmapguard/go/tools/internal/trace/rules"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

const profileLong = `profile runs a program and notes which system calls the packages make that the
rules name as owners, and with which flags; and which the Go runtime makes. The
program may tell its phases, by looking for a file "guardtrace:phase:NAME".

The JSON that it writes can be merged with that of other runs, and written as a
table and as a seccomp profile for containers:

  guardtrace profile --rules FILE -o one.json -- ./prog
  guardtrace profile merge -d DIR one.json two.json`

// The files that merge writes.
const (
	profileFile = "profile.json"
	ociFile     = "seccomp.json"
	tableFile   = "profile.md"
)

func (a *app) profile() *cobra.Command {
	var rulesFile, out string
	cmd := &cobra.Command{
		Use:   "profile --rules FILE -o FILE -- command...",
		Short: "Note which system calls packages need, and with which flags",
		Long:  profileLong,
		Args:  cobra.ArbitraryArgs,
		RunE:  func(_ *cobra.Command, args []string) error { return a.runProfile(rulesFile, out, args) },
	}
	set := cmd.Flags()
	set.SetInterspersed(false)
	set.StringVar(&rulesFile, "rules", "", "`file` with rules, which names the packages")
	set.StringVarP(&out, "output", "o", "", "write the profile to a `file`")
	cmd.AddCommand(a.mergeProfiles())
	return cmd
}

func (a *app) runProfile(rulesFile, out string, args []string) error {
	if rulesFile == "" || out == "" || len(args) == 0 {
		return usageError(errors.New("profile: --rules, -o and a command are needed"))
	}
	table, ok := abi.Native()
	if !ok {
		return ptrace.ErrUnavailable
	}
	set, err := rules.Load(table, rulesFile)
	if err != nil {
		return usageError(err)
	}
	collector := profile.NewCollector(table.Arch, set.Owners())
	outcome, err := run(session.Config{Command: args, Source: true, Through: set.Through(), Lives: true}, collector)
	if err != nil {
		return err
	}
	a.code = exitCode(outcome)
	return write(out, collector.Profile().WriteJSON)
}

func (a *app) mergeProfiles() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "merge -d DIR FILE...",
		Short: "Join profiles, and write them as JSON, as a table, and for containers",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, files []string) error {
			merged, err := merge(files)
			if err != nil {
				return err
			}
			return errors.Join(
				write(filepath.Join(dir, profileFile), merged.WriteJSON),
				write(filepath.Join(dir, ociFile), merged.WriteOCI),
				write(filepath.Join(dir, tableFile), merged.WriteMarkdown),
			)
		},
	}
	cmd.Flags().StringVarP(&dir, "directory", "d", ".", "`directory` for "+profileFile+", "+ociFile+" and "+tableFile)
	return cmd
}

func merge(files []string) (*profile.Profile, error) {
	var all []*profile.Profile
	for _, name := range files {
		p, err := profile.Read(name)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return profile.Merge(all...)
}

func write(name string, content func(io.Writer) error) error {
	f, err := os.Create(name) // #nosec G304 -- writing what the user names is the purpose
	if err != nil {
		return err
	}
	if err := errors.Join(content(f), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}
