package conformance

import (
	"errors"
	"io/fs"
	"path/filepath"
)

const (
	// maxContent is how many files that are there already are read, and
	// maxContentSize how large they may be, so that a directory of any size is
	// judged in seconds.
	maxContent     = 8
	maxContentSize = 64 << 20
	// maxVisited is how many entries are looked at to find them.
	maxVisited = 10_000
)

// contentOf finds a few regular files that are not empty.
func contentOf(dir string) ([]string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	var found []string
	visited := 0
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		visited++
		switch {
		case visited > maxVisited || len(found) == maxContent:
			return filepath.SkipAll
		case errors.Is(err, fs.ErrPermission):
			return filepath.SkipDir
		case err != nil:
			return err
		case entry.Type().IsRegular():
			info, err := entry.Info()
			if err == nil && info.Size() > 0 && info.Size() <= maxContentSize {
				found = append(found, path)
			}
		}
		return nil
	})
	return found, err
}
