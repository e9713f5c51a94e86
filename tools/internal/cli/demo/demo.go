// Package demo shows what happens to a program that reads a file which another
// process truncates. Nothing in it is acted: the reader and the writer are
// processes, the file is a file, and the outcome is what was seen.
package demo

import (
	"context"
	"os"
	"os/exec"
	"time"

	"github.com/mmapguard/go/mmapguard"
	"github.com/mmapguard/go/tools/internal/cli/sysinfo"
)

const (
	// FileSize is how many bytes the file has, and KeptSize how many of them the
	// writer leaves: enough to take measurable time and memory, and both multiples
	// of every page size.
	FileSize = 16 << 20
	KeptSize = 4 << 20

	// limit is for the whole demonstration, which takes less than a second. It is
	// there so that nothing hangs, and no busy machine may run into it.
	limit = time.Minute
	// writerPatience is for one truncation. A lease makes it wait for the rescue,
	// for some milliseconds.
	writerPatience = 8 * time.Second
)

// Config says where and how.
type Config struct {
	// Dir is where the files are made.
	Dir string
	// Self starts this program again, with the arguments of a role.
	Self func(ctx context.Context, role ...string) *exec.Cmd
}

// Report is what was seen.
type Report struct {
	Directory   string `json:"directory"`
	FileSystem  string `json:"fileSystem"`
	FileSize    int64  `json:"fileSize"`
	TruncatedTo int64  `json:"truncatedTo"`
	Rows        []Row  `json:"readers"`
}

// Outcome is how it ended for a reader.
type Outcome string

const (
	// Survived: the reader read to the end, or to an error.
	Survived Outcome = "survived"
	// Died: the reader's process came to an end while it read.
	Died Outcome = "died"
	// Unavailable: what the reader wanted is not to be had here.
	Unavailable Outcome = "unavailable"
)

// Row is what happened to one reader.
type Row struct {
	Reader  string  `json:"reader"`
	Outcome Outcome `json:"outcome"`
	// Signal is what it died of.
	Signal string `json:"signal,omitempty"`
	// Reason is why it is unavailable, or its last words.
	Reason string  `json:"reason,omitempty"`
	Opened *Opened `json:"opened,omitempty"`
	Writer *Writer `json:"writer,omitempty"`
	Seen   *Seen   `json:"seen,omitempty"`
}

// Run lets every reader have its file truncated, one after the other.
func Run(ctx context.Context, c Config) (report *Report, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	scratch, err := os.MkdirTemp(c.Dir, "mmapguard-demo-*")
	if err != nil {
		return nil, err
	}
	defer func() {
		if removeErr := os.RemoveAll(scratch); err == nil {
			err = removeErr
		}
	}()
	report = &Report{Directory: c.Dir, FileSystem: sysinfo.FileSystem(scratch), FileSize: FileSize, TruncatedTo: KeptSize}
	for _, w := range ways() {
		row, err := c.try(ctx, w, scratch)
		if err != nil {
			return nil, err
		}
		report.Rows = append(report.Rows, row)
	}
	return report, nil
}

// ways lists the readers: those without a library, and one for each guarantee.
func ways() []string {
	list := []string{wayRaw, wayReadFile}
	for _, g := range mmapguard.Guarantees() {
		list = append(list, g.String())
	}
	return list
}
