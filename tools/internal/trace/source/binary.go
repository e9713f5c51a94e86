package source

import (
	"debug/buildinfo"
	"debug/dwarf"
	"debug/elf"
	"debug/gosym"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mmapguard/go/mmapguard"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// Binary is a program, or a library, with what it says about its own lines.
type Binary struct {
	data    *mmapguard.FileData
	file    *elf.File
	golang  *gosym.Table
	dwarf   *dwarf.Data
	symbols []elf.Symbol // functions, by address
	modules []string     // whose packages are not the standard library's
	cache   map[uint64]event.Frame
}

// Open reads a program's tables, through a mapping.
func Open(name string) (*Binary, error) {
	data, err := mmapguard.MapFile(name)
	if err != nil {
		return nil, err
	}
	b, err := parse(data)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), data.Close())
	}
	return b, nil
}

func parse(data *mmapguard.FileData) (*Binary, error) {
	file, err := elf.NewFile(data)
	if err != nil {
		return nil, err
	}
	b := &Binary{data: data, file: file, cache: map[uint64]event.Frame{}}
	if section := file.Section(".gopclntab"); section != nil {
		return b, b.parseGo(section)
	}
	// What is not there is not shown.
	b.dwarf, _ = file.DWARF()
	b.symbols, _ = file.Symbols()
	slices.SortFunc(b.symbols, func(x, y elf.Symbol) int {
		switch {
		case x.Value < y.Value:
			return -1
		case x.Value > y.Value:
			return 1
		}
		return 0
	})
	return b, nil
}

// parseGo reads the table that Go needs for its own panics, which is there in
// stripped programs too.
func (b *Binary) parseGo(section *elf.Section) error {
	table, err := section.Data()
	if err != nil {
		return err
	}
	if b.golang, err = gosym.NewTable(nil, gosym.NewLineTable(table, b.textStart())); err != nil {
		return fmt.Errorf("line table: %w", err)
	}
	info, err := buildinfo.Read(io.NewSectionReader(b.data, 0, b.data.Size()))
	if err != nil {
		return nil //nolint:nilerr // without it packages are told apart by their names alone
	}
	b.modules = append(b.modules, info.Main.Path)
	for _, m := range info.Deps {
		b.modules = append(b.modules, m.Path)
	}
	return nil
}

// textStart is the address that the table's own count from: that of
// runtime.text, before which a C linker puts its own code.
func (b *Binary) textStart() uint64 {
	symbols, _ := b.file.Symbols() // a stripped program has none
	for _, s := range symbols {
		if s.Name == "runtime.text" {
			return s.Value
		}
	}
	if text := b.file.Section(".text"); text != nil {
		return text.Addr
	}
	return 0
}

// Close gives the file back.
func (b *Binary) Close() error { return b.data.Close() }

// Address is where the linker put what lies at an offset of the file, wherever
// it was loaded to.
func (b *Binary) Address(offset uint64) (uint64, bool) {
	for _, p := range b.file.Progs {
		if p.Type == elf.PT_LOAD && offset >= p.Off && offset < p.Off+p.Filesz {
			return offset - p.Off + p.Vaddr, true
		}
	}
	return 0, false
}

// Frame names the function and the line of an address.
func (b *Binary) Frame(addr uint64) (event.Frame, bool) {
	if f, ok := b.cache[addr]; ok {
		return f, f.Func != "" || f.File != ""
	}
	var f event.Frame
	if b.golang != nil {
		f = b.goFrame(addr)
	} else {
		f = b.dwarfFrame(addr)
	}
	b.cache[addr] = f
	return f, f.Func != "" || f.File != ""
}

func (b *Binary) goFrame(addr uint64) event.Frame {
	file, line, fn := b.golang.PCToLine(addr)
	if fn == nil {
		return event.Frame{}
	}
	return event.Frame{Func: fn.Name, File: file, Line: line}
}

func (b *Binary) dwarfFrame(addr uint64) event.Frame {
	f := event.Frame{Func: b.symbol(addr)}
	if b.dwarf == nil {
		return f
	}
	unit, err := b.dwarf.Reader().SeekPC(addr)
	if err != nil {
		return f
	}
	lines, err := b.dwarf.LineReader(unit)
	if err != nil || lines == nil {
		return f
	}
	var entry dwarf.LineEntry
	if lines.SeekPC(addr, &entry) == nil && entry.File != nil {
		f.File, f.Line = entry.File.Name, entry.Line
	}
	return f
}

func (b *Binary) symbol(addr uint64) string {
	i, _ := slices.BinarySearchFunc(b.symbols, addr+1, func(s elf.Symbol, a uint64) int {
		if s.Value < a {
			return -1
		}
		return 1
	})
	for i--; i >= 0; i-- {
		s := b.symbols[i]
		if elf.ST_TYPE(s.Info) != elf.STT_FUNC {
			continue
		}
		if addr < s.Value+max(s.Size, 1) {
			return s.Name
		}
		return ""
	}
	return ""
}

// Standard tells whether a package is of the Go distribution.
func (b *Binary) Standard(pkg string) bool {
	if b.golang == nil || pkg == "main" {
		return false
	}
	for _, m := range b.modules {
		if m != "" && (pkg == m || strings.HasPrefix(pkg, m+"/")) {
			return false
		}
	}
	// Import paths that begin with a name without a dot are reserved for it
	// (go.dev/ref/mod, "Module paths").
	first, _, _ := strings.Cut(pkg, "/")
	return !strings.Contains(first, ".")
}
