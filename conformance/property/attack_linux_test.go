package property

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// attack is a writer in a process of its own that makes version after version
// of a file of Size bytes, until its input ends.
type attack struct {
	Kind string
	Path string
	Size int

	file *os.File // the one that writers who hold the file open have
	next uint64
	stop atomic.Bool
}

// step makes one version. begin, where a writer needs it, comes before the
// first.
type attacker struct {
	begin func(*attack) error
	step  func(*attack) error
}

// attackers are what can happen to a file whose snapshots are being taken.
var attackers = map[string]attacker{
	"rewrite":      {step: (*attack).rewrite},
	"rewrite-held": {(*attack).hold, (*attack).rewriteHeld},
	"locked":       {step: (*attack).rewriteLocked},
	"otrunc":       {step: (*attack).truncateAndWrite},
	"rename":       {step: (*attack).renameOver},
	"append":       {step: (*attack).appendChunk},
	"resize":       {step: (*attack).resize},
	"direct":       {(*attack).holdDirect, (*attack).writeDirect},
	"stall":        {(*attack).holdStalling, (*attack).stallBriefly},
	"stall-once":   {(*attack).holdStalling, (*attack).stallUntilTold},
	"direct-once":  {(*attack).holdStallingDirect, (*attack).stallUntilTold},
	"direct-stall": {(*attack).holdStallingDirect, (*attack).stallBriefly},
	"map":          {(*attack).holdMap, (*attack).storeAscending},
	"map-msync":    {(*attack).holdMap, (*attack).storeAndSync},
}

// runAttack is the main function of a writer. It says "ready" once it is at
// work, and at the end how many versions it made.
func runAttack(arg string) error {
	a := &attack{next: 2}
	if err := json.Unmarshal([]byte(arg), a); err != nil {
		return err
	}
	kind, ok := attackers[a.Kind]
	if !ok {
		return fmt.Errorf("no attack %q", a.Kind)
	}
	if kind.begin != nil {
		if err := kind.begin(a); err != nil {
			return err
		}
	}
	if !strings.HasSuffix(a.Kind, "-once") { // which reads its input itself
		go a.awaitEnd()
	}
	fmt.Println("ready")
	for !a.stop.Load() {
		if err := kind.step(a); err != nil {
			return err
		}
	}
	fmt.Println(a.next - 2)
	return nil
}

func (a *attack) awaitEnd() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	a.stop.Store(true)
}

// version is the next version's bytes.
func (a *attack) version() []byte {
	b := version(a.Size, a.next)
	a.next++
	return b
}

// pause leaves the snapshots a chance: most often none, now and then enough for
// a copy that is read twice.
func (a *attack) pause() {
	enough := 100*time.Microsecond + 4*time.Duration(a.Size) // 0.25 GB/s, in nanoseconds
	switch rand.IntN(8) {
	case 0:
		time.Sleep(time.Duration(rand.Int64N(int64(enough))))
	case 1:
		time.Sleep(enough)
	}
}

// writeAll makes one long write, because a version that takes two is two
// versions.
func writeAll(f *os.File, b []byte, off int64) error {
	n, err := unix.Pwrite(int(f.Fd()), b, off)
	if err == nil && n != len(b) {
		err = fmt.Errorf("a write of %d bytes wrote %d", len(b), n)
	}
	return err
}

// with opens the file, and closes it after do.
func (a *attack) with(flag int, do func(f *os.File) error) error {
	f, err := os.OpenFile(a.Path, flag, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(do(f), f.Close())
}

// rewrite opens the file, rewrites all of it in place with one write, and
// closes it.
func (a *attack) rewrite() error {
	a.pause()
	b := a.version()
	return a.with(os.O_WRONLY, func(f *os.File) error { return writeAll(f, b, 0) })
}

func (a *attack) hold() (err error) {
	a.file, err = os.OpenFile(a.Path, os.O_RDWR, 0)
	return err
}

// rewriteHeld is rewrite by somebody who has the file open all the time.
func (a *attack) rewriteHeld() error {
	a.pause()
	return writeAll(a.file, a.version(), 0)
}

// rewriteLocked takes its time between two writes, under an exclusive lock.
func (a *attack) rewriteLocked() error {
	a.pause()
	b := a.version()
	return a.with(os.O_WRONLY, func(f *os.File) error {
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
			return err
		}
		if err := writeAll(f, b[:a.Size/2], 0); err != nil {
			return err
		}
		a.pause()
		return writeAll(f, b[a.Size/2:], int64(a.Size/2))
	})
}

// truncateAndWrite is what a shell's `command > file` does.
func (a *attack) truncateAndWrite() error {
	a.pause()
	b := a.version()
	return a.with(os.O_WRONLY|os.O_TRUNC, func(f *os.File) error { return writeAll(f, b, 0) })
}

func (a *attack) renameOver() error {
	a.pause()
	if err := os.WriteFile(a.Path+".new", a.version(), 0o600); err != nil {
		return err
	}
	return os.Rename(a.Path+".new", a.Path)
}

// appendChunk is the chunk size of a growing file.
func appendChunk(size int) int { return size / 8 }

// appendChunk adds a chunk with its number, and starts anew from the first once
// there are sixteen.
func (a *attack) appendChunk() error {
	a.pause()
	chunk := appendChunk(a.Size)
	a.next++
	return a.with(os.O_WRONLY|os.O_APPEND, func(f *os.File) error {
		info, err := f.Stat()
		if err != nil {
			return err
		}
		if info.Size() == int64(2*a.Size) {
			return f.Truncate(int64(chunk))
		}
		return writeAll(f, version(chunk, uint64(info.Size())/uint64(chunk)+1), info.Size())
	})
}

// resize cuts the file to its half, lets it grow again, which makes zeros, and
// rewrites it.
func (a *attack) resize() error {
	a.pause()
	if err := os.Truncate(a.Path, int64(a.Size/2)); err != nil {
		return err
	}
	a.pause()
	if err := os.Truncate(a.Path, int64(a.Size)); err != nil {
		return err
	}
	return a.rewrite()
}
