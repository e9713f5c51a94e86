package abi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/abi/internal/origin"
)

var arches = []string{"amd64", "arm64"}

// The tables hold every system call of x/sys, by its number, and no other.
func TestCallsAreThoseOfXSys(t *testing.T) {
	sys, err := origin.XSys()
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range arches {
		calls, err := sys.Calls(arch)
		if err != nil {
			t.Fatal(err)
		}
		table, _ := abi.For(arch)
		var names []string
		for _, c := range calls {
			names = append(names, c.Name)
			if n, ok := table.Number(c.Name); !ok || n != c.Value {
				t.Errorf("%s: %s is %d, in x/sys %d", arch, c.Name, n, c.Value)
			}
			if name, ok := table.Name(c.Value); !ok || name != c.Name {
				t.Errorf("%s: %d is %q, in x/sys %q", arch, c.Value, name, c.Name)
			}
		}
		slices.Sort(names)
		if !slices.Equal(names, table.Names()) {
			t.Errorf("%s: the names are not those of x/sys", arch)
		}
		const least = 300
		if len(names) < least {
			t.Errorf("%s: %d calls, want %d or more", arch, len(names), least)
		}
		t.Logf("%s: %d calls", arch, len(names))
	}
}

// The flags have the values of x/sys.
func TestConstantsAreThoseOfXSys(t *testing.T) {
	sys, err := origin.XSys()
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range arches {
		constants, err := sys.Constants(arch)
		if err != nil {
			t.Fatal(err)
		}
		table, _ := abi.For(arch)
		for _, d := range abi.Domains() {
			var names []string
			for _, c := range origin.Members(d, constants) {
				names = append(names, c.Name)
				if v, ok := table.Constant(d.Name, c.Name); !ok || v != c.Value {
					t.Errorf("%s: %s is %#x, in x/sys %#x", arch, c.Name, v, c.Value)
				}
			}
			if have := table.Members(d.Name); !slices.Equal(names, have) {
				t.Errorf("%s: %s has %q, in x/sys %q", arch, d.Name, have, names)
			}
		}
	}
}

// Every call has a description or is shown as six numbers, and every kind that
// is bound by hand is bound to a parameter that there is.
func TestParams(t *testing.T) {
	table, _ := abi.For("amd64")
	described := 0
	for _, name := range table.Names() {
		params := abi.Params(name)
		if len(params) > 6 {
			t.Errorf("%s has %d parameters", name, len(params))
		}
		if len(params) != 6 || params[0].Name != "arg1" {
			described++
		}
	}
	const least = 340
	if described < least {
		t.Errorf("%d calls are described, want %d or more", described, least)
	}
	for _, binding := range abi.Bindings() {
		call, name, _ := strings.Cut(binding, ".")
		if !bound(table, call, name) {
			t.Errorf("%s: there is no such parameter of type integer", binding)
		}
	}
}

func bound(table *abi.Table, call, name string) bool {
	for _, c := range table.Names() {
		if call != "*" && call != c {
			continue
		}
		for _, p := range abi.Params(c) {
			if p.Name == name && p.Kind == abi.Value {
				return true
			}
		}
	}
	return false
}

func TestText(t *testing.T) {
	table, _ := abi.For("amd64")
	for _, c := range []struct {
		domain string
		value  uint64
		want   string
	}{
		{"open", 0, "O_RDONLY"},
		{"open", 0x80002, "O_RDWR|O_CLOEXEC"},
		{"open", 0x410002, "O_RDWR|O_TMPFILE"},
		{"open", 0x80000000, "O_RDONLY|0x80000000"},
		{"map", 0x4032, "MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED|MAP_NORESERVE"},
		{"map", 3, "MAP_SHARED_VALIDATE"},
		{"prot", 0, "PROT_NONE"},
		{"prot", 5, "PROT_EXEC|PROT_READ"},
		{"fcntl", 1024, "F_SETLEASE"},
		{"fcntl", 99999, "0x1869f"},
		{"lock", 5, "LOCK_NB|LOCK_SH"},
		{"fallocate", 0, "0"},
		{"errno", 2, "ENOENT"},
		{"signal", 7, "SIGBUS"},
	} {
		if got := table.Text(c.domain, c.value); got != c.want {
			t.Errorf("%s %#x is %s, want %s", c.domain, c.value, got, c.want)
		}
	}
	arm, _ := abi.For("arm64")
	if got := arm.Text("open", 0x404002); got != "O_RDWR|O_TMPFILE" {
		t.Errorf("on arm64 it is %s", got)
	}
}

// Whatever the value, its names and its rest add up to it.
func FuzzSplit(f *testing.F) {
	f.Add("open", uint64(0x410002))
	f.Add("map", uint64(0x4032))
	f.Add("clone", uint64(1)<<63)
	table, _ := abi.For("amd64")
	f.Fuzz(func(t *testing.T, domain string, value uint64) {
		names, rest := table.Split(domain, value)
		sum := rest
		for _, name := range names {
			v, ok := table.Constant(domain, name)
			if !ok {
				t.Fatalf("%q of %s is no constant", name, domain)
			}
			sum |= v
		}
		if sum != value {
			t.Errorf("%s %#x is %q and %#x, which is %#x", domain, value, names, rest, sum)
		}
	})
}

// Domains whose mask holds a number do not show it as flags.
func TestMaskedNumbersAreNoFlags(t *testing.T) {
	for _, d := range abi.Domains() {
		if (d.Mask == "") != (d.Low == nil) {
			t.Errorf("%s has a mask or numbers, and not both", d.Name)
		}
	}
}
