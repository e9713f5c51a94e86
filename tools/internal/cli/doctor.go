package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/cli/sysinfo"
	"github.com/mmapguard/go/tools/internal/cli/table"
)

const doctorLong = `Find out what this kernel and the file system of DIR (default: the current
directory) can give. Every mechanism is really tried, on a temporary file in
DIR, and every "no" comes with its reason.

The answer holds for files of your own; 'mmapguard stat FILE' tells about
others.`

const doctorExample = `  mmapguard doctor
  mmapguard doctor /mnt/data
  mmapguard doctor --json /srv | jq '.offers[] | select(.available)'`

// doctorFileSize is large enough for mechanisms that want whole pages or
// blocks, whatever their size.
const doctorFileSize = 1 << 20

// doctorReport is what the command finds out.
type doctorReport struct {
	Directory  string          `json:"directory"`
	FileSystem string          `json:"fileSystem"`
	System     sysinfo.System  `json:"system"`
	Offers     []offer         `json:"offers"`
	Blocks     []sysinfo.Block `json:"buildingBlocks"`
}

func newDoctor(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "doctor [DIR]",
		Short:   "Show what this kernel and a file system can give, and why not more",
		Long:    doctorLong,
		Example: doctorExample,
		Args:    usage(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := append(args, ".")[0]
			if err := s.confineToChange(dir); err != nil {
				return fmt.Errorf("doctor: %w", err)
			}
			report, err := examine(dir)
			if err != nil {
				return fmt.Errorf("doctor: %w", err)
			}
			if s.json {
				return s.writeJSON(report)
			}
			return s.printDoctor(report)
		},
	}
}

// examine tries everything in a directory and leaves nothing behind.
func examine(dir string) (*doctorReport, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r := &doctorReport{Directory: dir, System: sysinfo.Describe(), FileSystem: sysinfo.FileSystem(dir)}
	if r.Blocks, err = sysinfo.Blocks(dir); err != nil {
		return nil, err
	}
	r.Offers, err = offersIn(dir)
	return r, err
}

// offersIn tries the ladder on a file in a directory.
func offersIn(dir string) (list []offer, err error) {
	scratch, err := os.MkdirTemp(dir, ".mmapguard-doctor-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	name := filepath.Join(scratch, "file")
	if err := os.WriteFile(name, bytes.Repeat([]byte("mmapguard doctor"), doctorFileSize/16), 0o600); err != nil {
		return nil, err
	}
	return offers(name, doctorFileSize)
}

func (s *session) printDoctor(r *doctorReport) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s on %s; %s is on %s.\n", r.System.OS, r.System.Kernel, r.System.Arch, r.Directory, r.FileSystem)
	for _, t := range []table.Table{s.offerTable(r.Offers, "here"), s.blockTable(r.Blocks), limitTable(r.System)} {
		b.WriteByte('\n')
		if err := t.Render(&b, s.width()); err != nil {
			return err
		}
	}
	return s.printf("%s", b.String())
}

func (s *session) blockTable(blocks []sysinfo.Block) table.Table {
	t := table.Table{Header: []string{"building block", "here", "remark, or why not"}, Flex: 2}
	for _, b := range blocks {
		t.Rows = append(t.Rows, []string{b.Name, s.yesNo(b.Available), b.Detail})
	}
	return t
}

func limitTable(system sysinfo.System) table.Table {
	t := table.Table{Header: []string{"setting", "value", "meaning"}, Flex: 2}
	t.Rows = append(t.Rows, []string{"page size", strconv.Itoa(system.PageSize), "bytes; the grain of faults"})
	for _, l := range system.Limits {
		t.Rows = append(t.Rows, []string{l.Name, l.Value, l.Meaning})
	}
	return t
}
