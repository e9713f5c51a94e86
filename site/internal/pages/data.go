package pages

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNoData is the error of a book that is to have all measurements and has not.
var ErrNoData = errors.New("the measurements are missing")

// file is where a task leaves its measurements.
func (s *Source) file(name string) string {
	if s.Data != "" {
		return filepath.Join(s.Data, name)
	}
	return filepath.Join(s.Repository, ".cache", name)
}

// data reads what a task left. Without it, and where that is no error, the
// second result is what the page says instead.
func (s *Source) data(name, task string) (content []byte, instead string, err error) {
	file := s.file(name)
	content, err = os.ReadFile(file) // #nosec G304 -- a constant of the callers, in the folder of measurements
	switch {
	case err == nil:
		return content, "", nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, "", err
	case s.RequireData:
		return nil, "", fmt.Errorf("%s: %w; `%s` makes them", file, ErrNoData, task)
	}
	return nil, absent(task), nil
}

// measured reads measurements that are a table and, behind an empty line, the
// rest; instead is as for data.
func (s *Source) measured(name string) (table, rest, instead string, err error) {
	content, instead, err := s.data(name, benchTask)
	if err != nil || instead != "" {
		return "", "", instead, err
	}
	first, rest, found := strings.Cut(string(content), "\n\n")
	if !found {
		return "", "", "", fmt.Errorf("%s does not hold a table and something behind it: `%s` writes it again", name, benchTask)
	}
	if table, err = columns(first); err != nil {
		return "", "", "", fmt.Errorf("%s: %w", name, err)
	}
	return table, rest, "", nil
}

// absent stands where measurements would.
func absent(task string) string {
	return fmt.Sprintf("> **Not measured for this build of the book.** %#q does so; the next build shows what it found.\n", task)
}

// sorted are the keys of a map in their order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
