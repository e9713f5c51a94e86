package sysinfo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// Block is a facility of the kernel and the file system that mechanisms are
// built from.
type Block struct {
	Name      string `json:"name"`
	Available bool   `json:"available"`
	// Detail says why not, or what else is to be known.
	Detail string `json:"detail,omitempty"`
}

// probe tries a facility on a file of its own. The text is a remark on success.
type probe struct {
	name string
	try  func(path string) (string, error)
}

// Blocks tries every facility on a temporary file in dir.
func Blocks(dir string) (blocks []Block, err error) {
	scratch, err := os.MkdirTemp(dir, ".mmapguard-doctor-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	for i, p := range append([]probe{{"advisory locks", tryLock}}, probes...) {
		path := filepath.Join(scratch, fmt.Sprintf("probe-%d", i))
		if err := os.WriteFile(path, make([]byte, os.Getpagesize()), 0o600); err != nil {
			return nil, err
		}
		blocks = append(blocks, p.run(path))
	}
	return blocks, nil
}

func (p probe) run(path string) Block {
	remark, err := p.try(path)
	if err != nil {
		return Block{Name: p.name, Detail: err.Error()}
	}
	return Block{Name: p.name, Available: true, Detail: remark}
}

// tryLock takes an exclusive lock and sees that a shared one is then refused: a
// file system may well accept locks and not mean them.
func tryLock(path string) (string, error) {
	held := flock.New(path, flock.SetFlag(os.O_RDWR))
	if ok, err := held.TryLock(); err != nil || !ok {
		return "", fmt.Errorf("exclusive lock refused: %w", err)
	}
	other := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := other.TryRLock()
	err = errors.Join(err, other.Close(), held.Close())
	if err == nil && ok {
		err = errors.New("a shared lock was granted beside an exclusive one")
	}
	return "", err
}
