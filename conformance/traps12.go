package conformance

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

// TRAP-12 to TRAP-15: writers, seals, pipes.
var traps12 = []Case{
	{
		ID:      "TRAP-12/bad-page-in-write",
		Promise: "A page that the kernel cannot read while it writes is a *FaultError of WriteTo, with the bytes written counted right.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(badPageInWrite),
	},
	{
		ID:      "TRAP-12/sockets-get-everything",
		Promise: "A socket and a file get just the bytes of the mapping.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(socketsGetEverything),
	},
	{
		ID:      "TRAP-13/every-seal-is-needed",
		Promise: "A file in memory counts as immutable only if it is sealed against writing, shrinking and growing; otherwise a copy is made.",
		Applies: Applies{Platforms: onLinux},
		Run:     judge(everySealIsNeeded),
	},
	{
		ID:      "TRAP-13/sealed-file-is-not-copied",
		Promise: "A file in memory with all seals is taken as it is.",
		Applies: Applies{Platforms: onLinux},
		Run:     judge(sealedFileIsNotCopied),
	},
	{
		ID:      "TRAP-13/own-copy-is-sealed",
		Promise: "The library's own sealed copy cannot be written, truncated or extended, not even by root through /proc.",
		Applies: Applies{Mechanisms: []mmapguard.Mechanism{mmapguard.MechanismSealedMemfd}, Platforms: onLinux, Needs: Files},
		Run:     judge(ownCopyIsSealed),
	},
	{
		ID:      "TRAP-14/pipe-does-not-block",
		Promise: "A pipe in the place of the file is ErrNotRegular at once, with nobody at its other end.",
		Applies: Applies{Platforms: onUnix, Needs: Files},
		Run:     judge(pipeDoesNotBlock),
	},
	{
		ID:      "TRAP-14/swapped-pipe-does-not-block",
		Promise: "A pipe that takes the file's name while it is opened does not block.",
		Applies: Applies{Platforms: onUnix, Needs: Files},
		Run:     judge(swappedPipeDoesNotBlock),
	},
	{
		ID:      "TRAP-15/pipe-reader-survives",
		Promise: "A fault does not end the program in the goroutine that reads what WriteTo writes.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(pipeReaderSurvives),
	},
}

func badPageInWrite(e *Env) {
	n := some()
	path := e.file("f", before(n))
	d := e.mapFile(path)
	defer e.close(d)
	good := int64(pages(3))
	if !e.attack(attack.Order{Op: attack.Truncate, Path: path, Size: good}) {
		e.notOffered("a file that is mapped cannot be truncated here")
	}
	out, err := os.Create(e.path("out"))
	e.must(err, "making a file")
	defer func() { _ = out.Close() }()
	written, err := d.WriteTo(out)
	e.wantFault(err, 0, d.Size(), "WriteTo")
	info, err := out.Stat()
	e.must(err, "looking at the output")
	e.check(written == info.Size() && written <= good, "%d bytes are reported, %d were written, %d are good", written, info.Size(), good)
}

func socketsGetEverything(e *Env) {
	want := before(some())
	d := e.mapFile(e.file("f", want))
	defer e.close(d)
	out, err := os.Create(e.path("out"))
	e.must(err, "making a file")
	n, err := d.WriteTo(out)
	e.check(n == int64(len(want)) && err == nil, "to a file: %d bytes and %v", n, err)
	e.must(out.Close(), "closing")
	got, err := os.ReadFile(e.path("out"))
	e.must(err, "reading the output")
	e.same(got, want, "the file")
	got, err = throughSocket(d)
	e.must(err, "a socket")
	e.same(got, want, "the socket")
}

// throughSocket writes a handle to a socket and returns what came out.
func throughSocket(d *mmapguard.FileData) ([]byte, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(errors.ErrUnsupported, err)
	}
	defer func() { _ = l.Close() }()
	// A connection is made before it is accepted; where the machine has no
	// network, not even with itself, none ever is.
	out, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, errors.Join(errors.ErrUnsupported, err)
	}
	sent := make(chan error, 1)
	go func() {
		_, err := d.WriteTo(out)
		sent <- errors.Join(err, out.Close())
	}()
	c, err := l.Accept()
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(c)
	return got, errors.Join(err, c.Close(), <-sent)
}

func pipeDoesNotBlock(e *Env) {
	path := e.path("pipe")
	e.arrange(e.enemy(), attack.Order{Op: attack.Fifo, Path: path})
	for _, g := range mmapguard.Guarantees() {
		_, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(g))
		e.wantPathError(err, mmapguard.ErrNotRegular, "a pipe")
	}
	root, err := os.OpenRoot(e.Dir)
	e.must(err, "opening the directory")
	defer func() { _ = root.Close() }()
	_, err = mmapguard.MapFileIn(root, filepath.Base(path))
	e.wantPathError(err, mmapguard.ErrNotRegular, "a pipe in a directory")
}

func swappedPipeDoesNotBlock(e *Env) {
	e.file("f", before(some()))
	pipe, link := e.path("pipe"), e.path("link")
	e.arrange(e.enemy(), attack.Order{Op: attack.Fifo, Path: pipe})
	swapper := e.enemy()
	e.must(os.Symlink("f", link), "making a link")
	e.arrange(swapper, attack.Order{Op: attack.SwapLinks, Path: link, To: "f", Data: []byte("pipe")})
	for range rounds(swapRounds) {
		d, err := mmapguard.MapFile(link)
		switch {
		case err == nil:
			e.shows(d, before(some()), "through a link that is swapped")
			e.close(d)
		case !errors.Is(err, mmapguard.ErrNotRegular) && !errors.Is(err, mmapguard.ErrReplaced) && !errors.Is(err, fs.ErrNotExist):
			// Not every file system replaces a name in one step.
			e.broken("%v, want ErrNotRegular or ErrReplaced", err)
		}
	}
	e.arrange(swapper, attack.Order{Op: attack.Release})
}

func pipeReaderSurvives(e *Env) {
	d := e.truncated()
	defer e.close(d)
	r, w := io.Pipe()
	done := make(chan int64)
	go func() {
		n, _ := io.Copy(io.Discard, r) // the error is the one that the writer closes with
		done <- n
	}()
	_, err := d.WriteTo(w)
	e.must(w.CloseWithError(err), "closing the pipe")
	<-done
	e.wantFault(err, 0, d.Size(), "WriteTo")
}
