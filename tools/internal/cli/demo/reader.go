package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"slices"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

// openings is how often the file is opened to find what that costs.
const openings = 5

// chunkSize is how much is read at once.
const chunkSize = 4096

// Reader is the role of the process that reads: it opens the file, reads it, says
// so, waits for its input to end, reads again, and tells what it saw. If it lives.
func Reader(way, name string, in io.Reader, out io.Writer) error {
	say := json.NewEncoder(out)
	cost, err := openRepeatedly(way, name)
	if err != nil {
		return say.Encode(Opened{Failure: reason(err), Unsupported: errors.Is(err, mmapguard.ErrUnsupported)})
	}
	_ = ownMemory(name) // asking takes memory as well, the first time
	baseline := ownMemory(name)
	src, err := openWhole(way, name)
	if err != nil {
		return err
	}
	opened := describe(src)
	opened.Cost, opened.Memory = cost, memorySince(baseline, name)
	if err := say.Encode(opened); err != nil {
		return errors.Join(err, src.Close())
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return errors.Join(err, src.Close())
	}
	seen := readThrough(src)
	seen.Memory = memorySince(baseline, name)
	return errors.Join(say.Encode(seen), src.Close())
}

// openRepeatedly finds what it costs to open the file: the median of several
// times. It leaves nothing open, but everything that is allocated only once has
// been when it is done.
func openRepeatedly(way, name string) (time.Duration, error) {
	var costs []time.Duration
	for range openings {
		start := time.Now()
		src, err := open(way, name)
		if err != nil {
			return 0, err
		}
		costs = append(costs, time.Since(start))
		if err := src.Close(); err != nil {
			return 0, err
		}
	}
	slices.Sort(costs)
	return costs[openings/2], nil
}

// openWhole opens the file for good and sees that all of it is there.
func openWhole(way, name string) (source, error) {
	src, err := open(way, name)
	if err != nil {
		return nil, err
	}
	if seen := readThrough(src); seen.Intact != FileSize {
		return nil, errors.Join(fmt.Errorf("only %d bytes were intact to begin with", seen.Intact), src.Close())
	}
	return src, nil
}

// describe tells what the library gave, if it was the library.
func describe(src source) (o Opened) {
	if d, ok := src.(*mmapguard.FileData); ok {
		o.Guarantee, o.Mechanism = d.Guarantee().String(), d.Mechanism().String()
	}
	return o
}

// readThrough reads to the end, or to the first byte that is missing or wrong.
// Where a chunk fails it goes on by words, to notice a fault exactly where it is.
func readThrough(src source) (seen Seen) {
	buf := make([]byte, chunkSize)
	for seen.Intact < FileSize {
		n, err := src.ReadAt(buf, seen.Intact)
		good := intact(buf[:n], seen.Intact)
		seen.Intact += good
		switch {
		case good == int64(len(buf)):
		case len(buf) > wordSize:
			buf = buf[:wordSize]
		case n == wordSize:
			seen.Wrong = true
			return seen
		default:
			seen.Error, seen.Offset = fmt.Sprint(err), faultOffset(err)
			return seen
		}
	}
	return seen
}

// reason is an error without the name of the file, of which there is but one.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

func faultOffset(err error) *int64 {
	var fault *mmapguard.FaultError
	if errors.As(err, &fault) {
		return &fault.Offset
	}
	return nil
}

// memorySince is how much memory the process has gained, apart from garbage.
func memorySince(baseline *int64, name string) *int64 {
	now := ownMemory(name)
	if now == nil || baseline == nil {
		return nil
	}
	gained := max(*now-*baseline, 0)
	return &gained
}

// ownMemory is the memory of this process that is not the named file's own
// pages, which everybody shares, nor its program's.
func ownMemory(name string) *int64 {
	debug.FreeOSMemory()
	return residentApartFrom(name)
}
