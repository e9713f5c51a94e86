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
  guardtrace profile merge -d DIR one.json two.json

or compared with one that is there:

  guardtrace profile compare profile.json one.json two.json`

// The files that merge writes.
const (
	profileFile = "profile.json"
	ociFile     = "seccomp.json"
	tableFile   = "profile.md"
)

func (a *app) profile() *cobra.Command {
	var rulesFile, out, phase string
	cmd := &cobra.Command{
		Use:   "profile --rules FILE -o FILE -- command...",
		Short: "Note which system calls packages need, and with which flags",
		Long:  profileLong,
		Args:  cobra.ArbitraryArgs,
		RunE:  func(_ *cobra.Command, args []string) error { return a.runProfile(rulesFile, out, phase, args) },
	}
	set := cmd.Flags()
	set.SetInterspersed(false)
	set.StringVar(&rulesFile, "rules", "", "`file` with rules, which names the packages")
	set.StringVarP(&out, "output", "o", "", "write the profile to a `file`; - is standard output, and the program's own then goes to standard error")
	set.StringVar(&phase, "for", "", "`phase` of programs that do not tell")
	cmd.AddCommand(a.mergeProfiles(), a.compareProfiles(), a.confineProfile())
	return cmd
}

func (a *app) runProfile(rulesFile, out, phase string, args []string) error {
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
	collector.Phase = phase
	c := session.Config{Command: args, Source: true, Through: set.Through(), Lives: true}
	if out == "-" {
		c.Stdout = os.Stderr
	}
	outcome, err := run(c, collector)
	if err != nil {
		return err
	}
	a.code = exitCode(outcome)
	if out == "-" {
		return collector.Profile().WriteJSON(a.out)
	}
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

func (a *app) compareProfiles() *cobra.Command {
	return &cobra.Command{
		Use:   "compare PROFILE FILE...",
		Short: "Tell how a profile differs from what was seen anew",
		Long: `compare joins the FILEs and tells which calls of the library the PROFILE lacks,
which it has although nothing needed them, and which of the runtime's it lacks.
The exit code is 1 if there are any.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, files []string) error {
			p, err := profile.Read(files[0])
			if err != nil {
				return err
			}
			fresh, err := merge(files[1:])
			if err != nil {
				return err
			}
			if p.Arch != fresh.Arch {
				return fmt.Errorf("%s is of %s, the others are of %s", files[0], p.Arch, fresh.Arch)
			}
			differences := p.Differ(fresh)
			for _, text := range differences {
				if _, err := fmt.Fprintln(a.out, text); err != nil {
					return err
				}
			}
			if len(differences) > 0 {
				a.code = exitFound
			}
			_, err = fmt.Fprintf(a.out, "%d calls of the library, %d differences\n", len(p.Library), len(differences))
			return err
		},
	}
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

func (a *app) confineProfile() *cobra.Command {
	var with, out string
	cmd := &cobra.Command{
		Use:   "confine --with FILE -o FILE PROFILE",
		Short: "Write the profile that programs confine themselves to",
		Long: `confine writes a seccomp profile, in the form of the OCI, that follows from what was
measured and from a file that says what differs, and why.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, files []string) error {
			p, err := profile.Read(files[0])
			if err != nil {
				return err
			}
			c, err := profile.ReadConfinement(with)
			if err != nil {
				return err
			}
			return write(out, func(w io.Writer) error { return p.WriteConfined(w, c) })
		},
	}
	cmd.Flags().StringVar(&with, "with", "", "`file` that says what differs from what was measured")
	cmd.Flags().StringVarP(&out, "output", "o", "", "write to a `file`")
	return cmd
}
