// Package profile derives from traces which system calls a library needs, and
// with which flags, and holds programs to that.
package profile

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/trace/abi"
)

// Profile is what was seen to be needed.
type Profile struct {
	Arch string `json:"arch"` // whose numbers the values are, as in GOARCH
	// Library are the calls of the packages that were looked at.
	Library []Call `json:"library"`
	// Runtime are the calls that the Go runtime and the standard library make for
	// themselves, in any program.
	Runtime []Call `json:"runtime"`
}

// Call is a system call with certain values of its flags.
type Call struct {
	Syscall string `json:"syscall"`
	// Args are all arguments that are flags or commands. Other arguments may be
	// anything.
	Args []Arg `json:"args,omitempty"`
	// For are the phases of the program that need it: the mechanisms.
	For []string `json:"for,omitempty"`
}

// Arg is the value of an argument.
type Arg struct {
	Index int    `json:"index"`
	Name  string `json:"name"`
	Value uint64 `json:"value"`
	Text  string `json:"text"`
}

// key tells calls apart.
func (c Call) key() string {
	var b strings.Builder
	b.WriteString(c.Syscall)
	for _, a := range c.Args {
		fmt.Fprintf(&b, " %d=%#x", a.Index, a.Value)
	}
	return b.String()
}

// String is the call as C would write it.
func (c Call) String() string {
	var args []string
	for _, a := range c.Args {
		args = append(args, a.Name+"="+a.Text)
	}
	return c.Syscall + "(" + strings.Join(args, ", ") + ")"
}

// Read reads a profile.
func Read(name string) (*Profile, error) {
	text, err := os.ReadFile(name) // #nosec G304 -- reading what the user names is the purpose
	if err != nil {
		return nil, err
	}
	var p Profile
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &p, nil
}

// check wants names that the processor has.
func (p *Profile) check() error {
	table, ok := abi.For(p.Arch)
	if !ok {
		return fmt.Errorf("arch: %q is neither amd64 nor arm64", p.Arch)
	}
	for _, c := range slices.Concat(p.Library, p.Runtime) {
		if _, ok := table.Number(c.Syscall); !ok {
			return fmt.Errorf("%s has no system call %q", p.Arch, c.Syscall)
		}
	}
	return nil
}

// Merge joins profiles of the same processor.
func Merge(profiles ...*Profile) (*Profile, error) {
	if len(profiles) == 0 {
		return nil, fmt.Errorf("no profiles to merge")
	}
	var library, runtime [][]Call
	for _, p := range profiles {
		if p.Arch != profiles[0].Arch {
			return nil, fmt.Errorf("profiles of %s and of %s", profiles[0].Arch, p.Arch)
		}
		library, runtime = append(library, p.Library), append(runtime, p.Runtime)
	}
	return &Profile{profiles[0].Arch, join(library...), join(runtime...)}, nil
}

// join merges lists of calls, and sorts them.
func join(lists ...[]Call) []Call {
	byKey := map[string]Call{}
	for _, c := range slices.Concat(lists...) {
		key := c.key()
		phases := append(slices.Clone(byKey[key].For), c.For...)
		slices.Sort(phases)
		c.For = slices.Compact(phases)
		byKey[key] = c
	}
	all := []Call{}
	for _, c := range byKey {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Call) int {
		return cmp.Or(cmp.Compare(a.Syscall, b.Syscall), slices.CompareFunc(a.Args, b.Args, func(x, y Arg) int {
			return cmp.Or(cmp.Compare(x.Index, y.Index), cmp.Compare(x.Value, y.Value))
		}))
	})
	return all
}

// Missing are the calls of p's library that q does not have.
func (p *Profile) Missing(q *Profile) []Call {
	have := keys(q.Library)
	return slices.DeleteFunc(slices.Clone(p.Library), func(c Call) bool { return have[c.key()] })
}

func keys(calls []Call) map[string]bool {
	set := map[string]bool{}
	for _, c := range calls {
		set[c.key()] = true
	}
	return set
}

// Differ tells how what was seen anew differs from a profile: library calls that
// it lacks, and those that it has and nothing needed. Of the runtime's calls none
// may be lacking; which it makes depends on load and luck, and so not all are
// seen again.
func (p *Profile) Differ(fresh *Profile) []string {
	var list []string
	for _, c := range fresh.Missing(p) {
		list = append(list, c.String()+" is needed, and not in the profile")
	}
	for _, c := range p.Missing(fresh) {
		list = append(list, c.String()+" is in the profile, and nothing needed it")
	}
	have := keys(p.Allowed())
	for _, c := range fresh.Runtime {
		if !have[c.key()] {
			list = append(list, c.String()+" is needed by the runtime, and not in the profile")
		}
	}
	return list
}

// Free are the system calls that the runtime of any program makes, that carry no
// flags, and that the library does not make: whoever made them, there is nothing
// to hold anybody to. They are most of all calls, waiting for the most part.
func (p *Profile) Free() []string {
	free := map[string]bool{}
	for _, c := range p.Runtime {
		free[c.Syscall] = len(c.Args) == 0
	}
	for _, c := range p.Library {
		delete(free, c.Syscall)
	}
	maps.DeleteFunc(free, func(_ string, yes bool) bool { return !yes })
	return slices.Sorted(maps.Keys(free))
}
