// Package scratch holds what a target needs once in each process. Targets ask
// for it when they run and not when they are declared, because another engine
// knows nothing of a testing.F but its Fuzz method.
package scratch

import (
	"errors"
	"os"
	"sync"
)

var made struct {
	sync.Mutex
	folders []string
}

// Once is what create makes in a folder of its own, the first time that it is
// asked for.
func Once[T any](create func(dir string) (T, error)) func() (T, error) {
	return sync.OnceValues(func() (it T, err error) {
		dir, err := os.MkdirTemp("", "mmapguard-fuzz-")
		if err != nil {
			return it, err
		}
		made.Lock()
		made.folders = append(made.folders, dir)
		made.Unlock()
		return create(dir)
	})
}

// Remove removes all folders, at the program's end.
func Remove() error {
	made.Lock()
	defer made.Unlock()
	var err error
	for _, dir := range made.folders {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	made.folders = nil
	return err
}
