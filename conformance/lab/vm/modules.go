//go:build linux

package vm

import (
	"debug/elf"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A moduleSet finds a kernel's modules and orders them for loading. Each module
// names those it needs in itself, so no index has to be made first.
type moduleSet struct {
	kernel string   // the kernel's directory in the cache
	order  []string // file names, each after those it needs
}

// path is where a module's file lies.
func (s *moduleSet) path(file string) string { return filepath.Join(s.kernel, "modules", file) }

// add puts a module and all it needs at the end of the order. One that is part
// of the kernel needs no loading.
func (s *moduleSet) add(name string) error {
	file, err := s.find(name)
	if err != nil || file == "" || slices.Contains(s.order, file) {
		return err
	}
	needs, err := moduleNeeds(s.path(file))
	if err != nil {
		return fmt.Errorf("module %s: %w", name, err)
	}
	for _, need := range needs {
		if err := s.add(need); err != nil {
			return fmt.Errorf("needed by %s: %w", name, err)
		}
	}
	s.order = append(s.order, file)
	return nil
}

// find looks for the file: a module's name may have a dash where its file has
// an underscore, and the other way round. It is "" for a built-in module.
func (s *moduleSet) find(name string) (string, error) {
	pattern := strings.NewReplacer("-", "?", "_", "?").Replace(name) + ".ko"
	found, err := filepath.Glob(s.path(pattern))
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		return filepath.Base(found[0]), nil
	}
	builtin, err := os.ReadFile(filepath.Join(s.kernel, builtinFile))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(builtin)) {
		if ok, err := path.Match(pattern, path.Base(strings.TrimSpace(line))); ok || err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("no module %s in this kernel", name)
}

// moduleNeeds reads the "depends" record of a module's .modinfo section, which
// holds zero-terminated key=value strings.
func moduleNeeds(file string) ([]string, error) {
	f, err := elf.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	section := f.Section(".modinfo")
	if section == nil {
		return nil, fmt.Errorf("%s is no kernel module", file)
	}
	info, err := section.Data()
	if err != nil {
		return nil, err
	}
	for record := range strings.SplitSeq(string(info), "\x00") {
		if list, ok := strings.CutPrefix(record, "depends="); ok && list != "" {
			return strings.Split(list, ","), nil
		}
	}
	return nil, nil
}
