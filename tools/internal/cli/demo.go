package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/cli/demo"
)

const demoLong = `Show what happens to programs that read a file while another process truncates
it.

Every row of the table is a process of its own that opens a file of 16 MiB,
reads it, and reads it again after a second process has cut it down to 4 MiB:
through a raw mapping, with os.ReadFile, and with every guarantee that
mmapguard has. What the table says is what was seen, with the cost that was
measured: the time to open (median of five) and the memory beyond the file's
own pages.

The command fails if a guarded reader died.`

const demoExample = `  mmapguard demo
  mmapguard demo --dir /mnt/data
  mmapguard demo --json | jq '.readers[] | {reader, outcome, signal}'`

func newDemo(s *session) *cobra.Command {
	dir := os.TempDir()
	cmd := &cobra.Command{
		Use:     "demo",
		Short:   "See a raw mapping die of SIGBUS, and guarded ones survive",
		Long:    demoLong,
		Example: demoExample,
		Args:    usage(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return s.demo(cmd.Context(), dir) },
	}
	cmd.Flags().StringVar(&dir, "dir", dir, "directory for the files, and so the file system")
	return cmd
}

func (s *session) demo(ctx context.Context, dir string) error {
	if err := s.confineToChange(dir); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	report, err := demo.Run(ctx, demo.Config{Dir: dir, Self: self})
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if s.json {
		err = s.writeJSON(report)
	} else {
		err = s.printDemo(report)
	}
	if err != nil {
		return err
	}
	return demoVerdict(report)
}

// self starts this very program again.
func self(ctx context.Context, args ...string) *exec.Cmd {
	path, err := os.Executable()
	if err != nil {
		path = os.Args[0]
	}
	return exec.CommandContext(ctx, path, args...) // #nosec G204 G702 -- this program itself
}

// newDemoRoles are the parts that the demonstration's processes play.
func newDemoRoles(s *session) []*cobra.Command {
	return []*cobra.Command{{
		Use: demo.ReaderRole, Hidden: true, Args: usage(cobra.ExactArgs(2)),
		RunE: func(_ *cobra.Command, args []string) error {
			return demo.Reader(args[0], args[1], os.Stdin, s.out)
		},
	}, {
		Use: demo.WriterRole, Hidden: true, Args: usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return demo.Truncate(args[0], s.out) },
	}}
}
