package filter_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/filter"
)

func checkPosition(t *testing.T, text string, err error) {
	t.Helper()
	var at *filter.Error
	if errors.As(err, &at) && (at.At < 0 || at.At > len(text)) {
		t.Errorf("%q: %v points to %d", text, err, at.At)
	}
}

// mapped is a call to judge.
var mapped = event.Event{
	Kind: event.Syscall, Name: "mmap", Done: true, Ret: 4096, PID: 7, TID: 8, Seq: 9, Dur: 1500,
	Args: []event.Arg{
		{Name: "prot", Raw: 1, Names: []string{"PROT_READ"}},
		{Name: "flags", Raw: 1, Names: []string{"MAP_SHARED"}},
		{Name: "fd", Raw: 3, File: &event.File{Path: "/a/file", Known: true, Size: 5, Regular: true}},
		{Name: "filename", Path: "/some/name"},
	},
	Frames: []event.Frame{{Func: "syscall.Syscall6"}, {Func: "main.main", File: "main.go", Line: 3}},
	Source: "main.go:3", Owner: "main",
}

func TestConditions(t *testing.T) {
	for text, want := range map[string]bool{
		`syscall in ["mmap", "munmap"] && ret < 0`:          false,
		`syscall == "mmap" && ok && ret > 0`:                true,
		`"PROT_READ" in flags && "PROT_WRITE" not in flags`: true,
		`args.prot == 1 && args["fd"] == 3`:                 true,
		`path startsWith "/some" && file endsWith "/file"`:  true,
		`regular && !writable && size == 5`:                 true,
		`pid == 7 and tid == 8 and seq == 9 and dur < 1`:    true,
		`any(stack, # == "main.main") && owner == "main"`:   true,
		`source contains "main.go" && errno == ""`:          true,
		`let n = len(paths); n == 1`:                        true,
		`syscall != "mmap"`:                                 false,
	} {
		c, err := filter.ParseCondition(table(), text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		facts := filter.FactsOf(&mapped)
		if got, err := c.Holds(&facts); err != nil || got != want {
			t.Errorf("%s is %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestMistakesInConditions(t *testing.T) {
	for text, want := range map[string]string{
		`syscal == "mmap"`:              `unknown name "syscal"; did you mean "syscall"? (column 1)`,
		`ret < 0 && syscall == "mmpa"`:  `unknown system call "mmpa"; did you mean "mmap"? (column 23)`,
		`syscall in ["mmap", "opne"]`:   `unknown system call "opne"; did you mean "open"? (column 21)`,
		`"PROT_WRIT" in flags`:          `unknown flag "PROT_WRIT"; did you mean "PROT_WRITE"? (column 1)`,
		`errno == "ENOENTT"`:            `unknown error "ENOENTT"; did you mean "ENOENT"?`,
		`args.prott == 1`:               `unknown argument "prott"; did you mean "prot"?`,
		`ret`:                           "bool",
		`ret < `:                        "(column",
		`syscall == 3`:                  "mismatched types",
		`"äöü" == path && syscal == ""`: `(column 21)`,
	} {
		_, err := filter.ParseCondition(table(), text)
		if err == nil {
			t.Errorf("%s is no mistake", text)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", text, err, want)
		}
		checkPosition(t, text, err)
	}
}

// Which calls stop the program follows from the condition.
func TestCallsOfConditions(t *testing.T) {
	for text, want := range map[string]string{
		`syscall == "mmap"`:                                   "mmap",
		`syscall in ["mmap", "munmap"] && ret < 0`:            "mmap munmap",
		`syscall == "mmap" || syscall == "read"`:              "mmap read",
		`syscall == "mmap" && syscall == "read"`:              "",
		`(syscall == "mmap" || ok) && syscall in ["mmap"]`:    "mmap",
		`syscall == "mmap" || ret < 0`:                        "any",
		`not (syscall == "mmap")`:                             "any",
		`syscall == "mmap" ? ok : false`:                      "any",
		`syscall in ["mmap"] and (syscall == "read" or true)`: "mmap",
	} {
		c, err := filter.ParseCondition(table(), text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got := "any"
		if calls, some := c.Calls(); some {
			got = names(calls)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// A call that meets a condition is one of those that stop the program for it:
// the oracle is the condition itself, asked about every call there is.
func FuzzCondition(f *testing.F) {
	for _, text := range []string{
		`syscall == "mmap" && ret < 0`, `syscall in ["mmap", "read"] || syscall == "write"`, `not (syscall == "mmap")`,
		`(syscall == "mmap" && ok) || (syscall == "read" && !ok)`, `syscall matches "^m" && syscall in ["mmap"]`, `true || syscall == "mmap"`,
		`any(flags, # == "PROT_READ")`, `let s = syscall; s == "mmap"`,
	} {
		f.Add(text, int64(-1), true)
	}
	f.Fuzz(func(t *testing.T, text string, ret int64, failed bool) {
		c, err := filter.ParseCondition(table(), text)
		if err != nil {
			checkPosition(t, text, err)
			return
		}
		calls, some := c.Calls()
		if !some {
			return
		}
		for _, name := range table().Names() {
			e := mapped
			e.Name, e.Ret, e.Failed = name, ret, failed
			facts := filter.FactsOf(&e)
			if holds, err := c.Holds(&facts); err == nil && holds && !calls[name] {
				t.Errorf("%q holds for %s, which does not stop the program", text, name)
			}
		}
	})
}
