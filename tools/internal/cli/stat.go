package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/mmapguard"
	"github.com/mmapguard/go/tools/internal/cli/sysinfo"
)

const statLong = `Open files as a program would, and print what was obtained: size, backing,
guarantee and mechanism. Then show who holds locks on the file, and what else
this file could get, by really trying every mechanism on it.

Files that fail do not stop the others. "-" is standard input.`

const statExample = `  mmapguard stat /var/lib/app/data.db
  mmapguard stat --guarantee Enforced data.bin
  mmapguard stat --json *.bin | jq '.[] | select(.lock.state == "exclusive")'`

// lockState is who keeps whom from the file.
type lockState struct {
	// State is "free", "shared", "exclusive", or "not exclusive" where the system
	// does not tell who holds shared locks.
	State   string         `json:"state"`
	Holders []sysinfo.Lock `json:"holders,omitempty"`
}

// statReport is all there is to know about a file. What needs an open file is
// nil if it could not be opened.
type statReport struct {
	Name       string     `json:"name"`
	FileSize   *int64     `json:"fileSize,omitempty"`
	Mode       string     `json:"mode,omitempty"`
	FileSystem string     `json:"fileSystem,omitempty"`
	Obtained   *obtained  `json:"obtained,omitempty"`
	Lock       *lockState `json:"lock,omitempty"`
	Offers     []offer    `json:"offers,omitempty"`
	Error      *failure   `json:"error,omitempty"`
}

func newStat(s *session) *cobra.Command {
	var flags openFlags
	cmd := &cobra.Command{
		Use:     "stat FILE...",
		Short:   "Show what files get: guarantee, mechanism, locks, and what else",
		Long:    statLong,
		Example: statExample,
		Args:    someFiles,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := s.confineToTry(names); err != nil {
				return err
			}
			return s.stat(cmd.Context(), names, flags.options())
		},
	}
	flags.register(cmd)
	return cmd
}

func (s *session) stat(ctx context.Context, names []string, opts []mmapguard.Option) error {
	reports := []statReport{}
	err := s.eachFile(ctx, names, s.report, func(name string) error {
		report, err := inspect(name, opts)
		report.Error = asFailure(err)
		reports = append(reports, report)
		if s.json {
			return err
		}
		return errors.Join(err, s.printStat(report, len(reports) > 1))
	})
	if ctx.Err() != nil || !s.json {
		return err
	}
	if jsonErr := s.writeJSON(reports); jsonErr != nil {
		return jsonErr
	}
	return err
}

// inspect looks at a file from all sides. The report is as complete as the error
// allows.
func inspect(name string, opts []mmapguard.Option) (statReport, error) {
	report := statReport{Name: name}
	if name == "-" {
		return inspectOpen(report, opts)
	}
	info, err := os.Stat(name)
	if err != nil {
		return report, err
	}
	size := info.Size()
	report.FileSize, report.Mode = &size, info.Mode().String()
	report.FileSystem = sysinfo.FileSystem(name)
	report, err = inspectOpen(report, opts)
	if !info.Mode().IsRegular() || errors.Is(err, mmapguard.ErrNotRegular) {
		return report, err
	}
	report.Lock = lockOf(info, err)
	if errors.Is(err, mmapguard.ErrEmpty) {
		return report, err
	}
	var offersErr error
	report.Offers, offersErr = offers(name, size)
	return report, errors.Join(err, offersErr)
}

// inspectOpen adds what opening gives.
func inspectOpen(report statReport, opts []mmapguard.Option) (statReport, error) {
	d, err := mmapguard.Load(report.Name, opts...)
	if err != nil {
		return report, err
	}
	report.Obtained = describe(d)
	return report, d.Close()
}

// lockOf puts together what the system tells about locks and what opening the
// file showed.
func lockOf(info fs.FileInfo, openErr error) *lockState {
	holders, told := sysinfo.Locks(info)
	state := &lockState{State: "free", Holders: holders}
	if !told {
		state.State = "not exclusive"
	}
	for _, l := range holders {
		if l.Exclusive {
			state.State = "exclusive"
			return state
		}
		state.State = "shared"
	}
	if errors.Is(openErr, mmapguard.ErrLocked) {
		state.State = "exclusive"
	}
	return state
}
