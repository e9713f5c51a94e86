package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

// rescues prints how long a writer waits while the bytes of a leased handle are
// moved, and how long os.ReadFile takes for the same bytes. Both start with no
// memory at hand: what the heap kept from earlier rounds is given back first.
func (b bench) rescues(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "\nrescue\twriter waits\tos.ReadFile\tratio\tGiB/s\t")
	for _, size := range b.sizes {
		row, err := b.rescue(size)
		if errors.Is(err, mmapguard.ErrUnsupported) {
			row, err = fmt.Sprintf("no lease here: %v", err), nil
		}
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(table, "%d MiB\t%s\n", size/mib, row)
	}
	return table.Flush()
}

func (b bench) rescue(size int) (row string, err error) {
	name, err := b.file(size)
	if err != nil {
		return "", err
	}
	reads, waits := make([]time.Duration, b.rounds), make([]time.Duration, b.rounds)
	for i := range b.rounds {
		if reads[i], err = readFile(name); err != nil {
			return "", err
		}
		if waits[i], err = writerWaits(name); err != nil {
			return "", err
		}
	}
	read, wait := median(reads), median(waits)
	return fmt.Sprintf("%v\t%v\t%.2f\t%.1f\t", round(wait), round(read),
		float64(wait)/float64(read), float64(size)/(1<<30)/wait.Seconds()), nil
}

func readFile(name string) (time.Duration, error) {
	debug.FreeOSMemory()
	began := time.Now()
	b, err := os.ReadFile(name) // #nosec G304 -- made here
	took := time.Since(began)
	if len(b) == 0 {
		err = errors.Join(err, io.ErrUnexpectedEOF)
	}
	return took, err
}

// writerWaits opens the file for writing while a handle holds a lease on it:
// the open returns when the rescue is done.
func writerWaits(name string) (time.Duration, error) {
	debug.FreeOSMemory()
	d, err := mmapguard.MapFile(name, mmapguard.WithMechanisms(mmapguard.MechanismLease), mmapguard.WithMaxCopy(mmapguard.NoLimit))
	if err != nil {
		return 0, err
	}
	began := time.Now()
	f, err := os.OpenFile(name, os.O_WRONLY, 0) // #nosec G304 -- made here
	took := time.Since(began)
	if err == nil {
		err = f.Close()
	}
	if _, lost := d.ReadAt(make([]byte, 1), d.Size()-1); lost != nil {
		err = errors.Join(err, lost)
	}
	return took, errors.Join(err, d.Close())
}

// file is a file of that size, in the page cache and on the disk.
func (b bench) file(size int) (string, error) {
	name := filepath.Join(b.dir, strconv.Itoa(size))
	if info, err := os.Stat(name); err == nil && info.Size() == int64(size) {
		return name, nil
	}
	f, err := os.Create(name) // #nosec G304 -- in a directory made for it
	if err != nil {
		return "", err
	}
	chunk := make([]byte, mib)
	for i := range chunk {
		chunk[i] = byte(i>>8) ^ byte(i)
	}
	for written := 0; written < size && err == nil; written += len(chunk) {
		_, err = f.Write(chunk)
	}
	return name, errors.Join(err, f.Sync(), f.Close())
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// round keeps three digits, which is more than the clock is good for.
func round(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}
