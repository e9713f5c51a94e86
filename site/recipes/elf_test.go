package recipes_test

import (
	"debug/elf"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: recipe

// sourceFiles counts the compilation units of a program: its DWARF is read in
// place, section by section, through the handle.
func sourceFiles(program string) (units int, err error) {
	d, err := mmapguard.MapFile(program)
	if err != nil {
		return 0, err
	}
	defer func() { _ = d.Close() }()

	f, err := elf.NewFile(d)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", program, err)
	}
	info, err := f.DWARF()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", program, err)
	}
	for r := info.Reader(); ; r.SkipChildren() {
		entry, err := r.Next()
		if err != nil {
			return 0, fmt.Errorf("%s: %w", program, err)
		}
		if entry == nil {
			return units, nil
		}
		units++
	}
}

// ANCHOR_END: recipe

func TestELF(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(program)
	if err != nil {
		t.Skipf("needs programs in the ELF format, %s has others: %v", runtime.GOOS, err)
	}
	defer func() { _ = f.Close() }()
	if f.Section(".debug_info") == nil && f.Section(".zdebug_info") == nil {
		t.Skip("needs a test program with DWARF: go test -c leaves it in, go test alone does not")
	}
	units, err := sourceFiles(program)
	if err != nil || units == 0 {
		t.Errorf("%d units, %v", units, err)
	}
}
