// Command ladder measures what each mechanism of mmapguard costs on the file
// system of a directory: opening, against the file's size; and, for the lease,
// how fast the bytes are rescued and how long the writer waits, beside
// os.ReadFile of the same file in the same run.
//
//	go run ./conformance/bench/cmd/ladder -dir /mnt/xfs
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

const mib = 1 << 20

func main() {
	dir := flag.String("dir", "", "directory on the file system to measure (default: the one for temporary files)")
	sizes := flag.String("sizes", "1,16,256,1024", "sizes of the files in MiB")
	rounds := flag.Int("rounds", 5, "measurements of which the median counts")
	flag.Parse()
	if err := run(os.Stdout, *dir, *sizes, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "ladder:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, dir, sizes string, rounds int) error {
	work, err := os.MkdirTemp(dir, "mmapguard-ladder-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	bench := bench{dir: work, rounds: rounds}
	for field := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(field)
		if err != nil || n <= 0 || rounds <= 0 {
			return fmt.Errorf("bad size %q or %d rounds: both are 1 or more", field, rounds)
		}
		bench.sizes = append(bench.sizes, n*mib)
	}
	return errors.Join(bench.openings(w), bench.rescues(w))
}

// bench is a directory to work in, and how much to do.
type bench struct {
	dir    string
	sizes  []int
	rounds int
}

// openings prints the median time of an open and a close by size.
func (b bench) openings(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprint(table, "open and close\t")
	for _, size := range b.sizes {
		_, _ = fmt.Fprintf(table, "%d MiB\t", size/mib)
	}
	_, _ = fmt.Fprintln(table)
	for i, rung := range mmapguard.Ladder() {
		if earlier(rung, i) {
			continue // the rung that copies to a memfd is measured by its first
		}
		if err := b.row(table, string(rung.Mechanism), rung.Mechanism); err != nil {
			return err
		}
		if rung.Mechanism == mmapguard.MechanismLease {
			if err := b.furtherLease(table); err != nil {
				return err
			}
		}
	}
	return table.Flush()
}

// row prints what a mechanism costs at each size.
func (b bench) row(w io.Writer, name string, m mmapguard.Mechanism) error {
	_, _ = fmt.Fprintf(w, "%s\t", name)
	for _, size := range b.sizes {
		cell, err := b.opening(m, size)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(w, "%s\t", cell)
	}
	_, _ = fmt.Fprintln(w)
	return nil
}

// furtherLease measures leases beside one that is there: the first starts what
// watches them all, and the last ends it.
func (b bench) furtherLease(w io.Writer) (err error) {
	name, err := b.file(b.sizes[0])
	if err != nil {
		return err
	}
	if err := os.Rename(name, name+"-held"); err != nil {
		return err
	}
	held, err := mmapguard.MapFile(name+"-held", mmapguard.WithMechanisms(mmapguard.MechanismLease))
	if errors.Is(err, mmapguard.ErrUnsupported) {
		return nil // as the row of the first tells
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	return b.row(w, "a further lease", mmapguard.MechanismLease)
}

// earlier tells whether a mechanism stands on the ladder before this rung.
func earlier(rung mmapguard.Rung, i int) bool {
	for _, r := range mmapguard.Ladder()[:i] {
		if r.Mechanism == rung.Mechanism {
			return true
		}
	}
	return false
}

// opening measures one mechanism at one size; one that is not to be had here is
// a dash.
func (b bench) opening(m mmapguard.Mechanism, size int) (string, error) {
	name, err := b.file(size)
	if err != nil {
		return "", err
	}
	took := make([]time.Duration, b.rounds)
	for i := range took {
		began := time.Now()
		d, err := mmapguard.MapFile(name, mmapguard.WithMechanisms(m), mmapguard.WithMaxCopy(mmapguard.NoLimit))
		if errors.Is(err, mmapguard.ErrUnsupported) {
			return "-", nil
		}
		if err != nil {
			return "", err
		}
		if err := d.Close(); err != nil {
			return "", err
		}
		took[i] = time.Since(began)
	}
	return round(median(took)).String(), nil
}
