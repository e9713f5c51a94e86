//go:build linux

package origin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const tracefs = "/sys/kernel/tracing"

// renamed are calls whose description has another name than they have at the
// door (linux/syscalls.h against asm/unistd.h).
var renamed = map[string]string{
	"newfstat": "fstat", "newlstat": "lstat", "newstat": "stat", "newuname": "uname",
	"sendfile64": "sendfile", "umount": "umount2",
}

// Prototypes are the parameters of the running kernel's system calls.
func Prototypes() (prototypes map[string]string, err error) {
	dir := filepath.Join(tracefs, "events", "syscalls")
	if _, err := os.Stat(dir); err != nil {
		unmount, err := mount()
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, unmount()) }()
	}
	entries, err := filepath.Glob(filepath.Join(dir, "sys_enter_*"))
	if err != nil {
		return nil, err
	}
	prototypes = map[string]string{}
	for _, entry := range entries {
		name := strings.TrimPrefix(filepath.Base(entry), "sys_enter_")
		if other, ok := renamed[name]; ok {
			name = other
		}
		if prototypes[name], err = fields(filepath.Join(entry, "format")); err != nil {
			return nil, err
		}
	}
	if len(prototypes) == 0 {
		return nil, fmt.Errorf("%s describes no system call: the kernel was built without FTRACE_SYSCALLS", dir)
	}
	return prototypes, nil
}

// fields reads "field:const char * filename; offset:…" lines, of which the
// first ones, up to the call's number, are the same for all.
func fields(file string) (string, error) {
	text, err := os.ReadFile(file) // #nosec G304 -- the kernel's own
	if err != nil {
		return "", err
	}
	_, own, _ := strings.Cut(string(text), "__syscall_nr")
	var list []string
	for line := range strings.Lines(own) {
		if field, ok := strings.CutPrefix(strings.TrimSpace(line), "field:"); ok {
			declared, _, _ := strings.Cut(field, ";")
			list = append(list, declared)
		}
	}
	return strings.Join(list, ","), nil
}

func mount() (unmount func() error, err error) {
	if err := unix.Mount("nodev", tracefs, "tracefs", unix.MS_RDONLY, ""); err != nil {
		return nil, fmt.Errorf("mounting tracefs on %s: %w", tracefs, err)
	}
	return func() error { return unix.Unmount(tracefs, 0) }, nil
}
