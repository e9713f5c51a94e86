package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

func everySealIsNeeded(e *Env) {
	want := before(some())
	for name, seals := range map[string]int{
		"no seal":                unix.F_SEAL_SEAL,
		"all but WRITE":          unix.F_SEAL_SHRINK | unix.F_SEAL_GROW,
		"all but SHRINK":         unix.F_SEAL_WRITE | unix.F_SEAL_GROW,
		"all but GROW":           unix.F_SEAL_WRITE | unix.F_SEAL_SHRINK,
		"FUTURE_WRITE for WRITE": unix.F_SEAL_FUTURE_WRITE | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW,
	} {
		f := e.memfd(want, 0)
		var held []byte
		if seals&unix.F_SEAL_WRITE == 0 {
			held = e.writableMap(f, len(want))
		}
		e.addSeals(f, seals)
		d := e.mapOpenFile(f, immutable)
		e.check(e.inodeAt(d.Bytes()) != inodeOf(f), "%s: the file itself was mapped as %v", name, d.Guarantee())
		copy(held, after(len(want)))
		e.shows(d, want, name+", after a store")
		e.close(d)
		e.must(f.Close(), "closing")
	}
}

func inodeOf(f *os.File) uint64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	return st.Ino
}

func sealedFileIsNotCopied(e *Env) {
	want := before(some())
	f := e.memfd(want, unix.F_SEAL_WRITE|unix.F_SEAL_SHRINK|unix.F_SEAL_GROW)
	d := e.mapOpenFile(f, immutable)
	e.check(d.Guarantee() == mmapguard.Immutable && d.Mechanism() == mmapguard.MechanismSealedMemfd,
		"%v by %s", d.Guarantee(), d.Mechanism())
	e.check(e.inodeAt(d.Bytes()) == inodeOf(f), "the file was copied")
	e.must(f.Close(), "closing")
	e.shows(d, want, "after the caller closed the file")
	e.close(d)
}

// ownCopyIsSealed reaches for the copy as only root can: through the table of
// maps.
func ownCopyIsSealed(e *Env) {
	want := before(some())
	d := e.mapFile(e.file("f", want))
	defer e.close(d)
	at := address(d.Bytes())
	var link string
	for _, m := range e.mappings() {
		if m.from == at {
			link = filepath.Join("/proc", strconv.Itoa(os.Getpid()), "map_files", fmt.Sprintf("%x-%x", m.from, m.to))
		}
	}
	if _, err := os.Stat(link); err != nil {
		e.notOffered("nobody can reach the copy: %v", err)
	}
	for _, o := range []attack.Order{
		{Op: attack.Truncate}, {Op: attack.Truncate, Size: 1 << 30},
		{Op: attack.Write, Data: after(10)}, {Op: attack.Append, Data: after(10)},
	} {
		o.Path = link
		e.check(e.enemy().Do(o) != nil, "%s was done to the copy", o.Op)
	}
	e.shows(d, want, "afterwards")
}
