package lifecycle

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/fuzzers/internal/leaks"
	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/fuzzers/internal/peer"
)

// Env is what sequences have in common: a folder, the other process, and the
// actors. It serves one sequence at a time.
type Env struct {
	dir, path string
	root      *os.Root
	fs        model.FileSystem
	peer      *peer.Peer
	actors    [2]*actor
	sink      *os.File // takes what WriteTo writes
	account   *leaks.Account
	buf       []byte
}

// Runner runs sequences in one environment, for as long as there is no finding.
type Runner struct{ env *Env }

// Run runs the sequence of an input; the error is a finding.
func (r *Runner) Run(input []byte) (err error) {
	if r.env == nil {
		if r.env, err = New(); err != nil {
			return err
		}
	}
	if err = r.env.Run(input); err != nil {
		r.env = nil // handles are open, and actors stand in views
	}
	return err
}

// Close gives the environment up.
func (r *Runner) Close() error {
	if r.env == nil {
		return nil
	}
	return r.env.Close()
}

// New makes a folder below the one for temporary files.
func New() (*Env, error) {
	dir, err := os.MkdirTemp("", "mmapguard-fuzz-")
	if err != nil {
		return nil, err
	}
	e := &Env{dir: dir, path: filepath.Join(dir, peer.FileName), buf: make([]byte, 0, 2*maxPages*model.Page)}
	if err := e.start(); err != nil {
		return nil, fmt.Errorf("in %s: %w", dir, err)
	}
	return e, nil
}

func (e *Env) start() (err error) {
	if e.fs, err = model.Probe(e.dir); err != nil {
		return err
	}
	if e.root, err = os.OpenRoot(e.dir); err != nil {
		return err
	}
	sink, err := unix.MemfdCreate("sink", unix.MFD_CLOEXEC)
	if err != nil {
		return err
	}
	e.sink = os.NewFile(uintptr(sink), "sink")
	if e.peer, err = peer.Start(e.dir); err != nil {
		return err
	}
	for i := range e.actors {
		e.actors[i] = newActor()
	}
	// The first sequence starts what lasts: the poller, the signal of leases.
	if err := e.run([]byte{0, 1, 1, 0, 1}); err != nil {
		return err
	}
	e.account, err = leaks.NewAccount(e.dir)
	return err
}

// Close gives up the folder; the other process removes it.
func (e *Env) Close() error {
	for _, a := range e.actors {
		close(a.cmds)
	}
	err := e.root.Close()
	if closeErr := e.sink.Close(); err == nil {
		err = closeErr
	}
	return err
}
