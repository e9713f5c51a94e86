package filter_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/filter"
)

func table() *abi.Table {
	t, _ := abi.For("amd64")
	return t
}

func names(s filter.Set) string { return strings.Join(slices.Sorted(maps.Keys(s)), " ") }

func TestSets(t *testing.T) {
	for text, want := range map[string]string{
		"openat":                  "openat",
		"openat,mmap":             "mmap openat",
		"/^m(un)?map$/":           "mmap munmap",
		"/^mmap$|^(openat),?$/":   "mmap openat",
		"openat,mmap,!openat":     "mmap",
		"%lock,!/fcntl/":          "flock",
		"!openat,/^openat$/":      names(parse(t, "all")),
		"%memory,!%memory,mmap":   "mmap",
		`/a\/b/,!all,openat,mmap`: "error",
	} {
		got, err := filter.ParseSet(table(), text)
		switch {
		case want == "error":
			if err == nil {
				t.Errorf("%s is no error", text)
			}
		case err != nil:
			t.Errorf("%s: %v", text, err)
		case names(got) != want:
			t.Errorf("%s is %s, want %s", text, names(got), want)
		}
	}
}

func parse(t *testing.T, text string) filter.Set {
	t.Helper()
	s, err := filter.ParseSet(table(), text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Classes hold what they should, and only calls that there are.
func TestClasses(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		table, _ := abi.For(arch)
		classes := filter.Classes(table)
		for class, some := range map[string]string{
			"file": "openat execve mkdirat", "desc": "read mmap openat", "memory": "mmap munmap", "process": "clone execve",
			"network": "socket", "signal": "rt_sigaction", "ipc": "shmat", "lock": "flock",
		} {
			for name := range strings.FieldsSeq(some) {
				if !slices.Contains(classes[class], name) {
					t.Errorf("%s: %%%s is without %s", arch, class, name)
				}
			}
			for _, name := range classes[class] {
				if _, ok := table.Number(name); !ok {
					t.Errorf("%s: %%%s has %s", arch, class, name)
				}
			}
		}
		if slices.Contains(classes["file"], "read") || slices.Contains(classes["desc"], "getpid") {
			t.Errorf("%s: a class has what it should not", arch)
		}
	}
}

// A mistake is told with its place and, where it is a slip, with the word that
// was meant.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"openat,mmpa":    `unknown system call "mmpa"; did you mean "mmap"? (column 8)`,
		"!opennat":       `did you mean "openat"? (column 2)`,
		"%fiel":          `unknown class "%fiel"; did you mean "%file"? (column 1)`,
		"":               "is missing (column 1)",
		"openat,":        "is missing (column 8)",
		"openat,,mmap":   "is missing (column 8)",
		"!":              "is missing (column 2)",
		"openat,/mmap":   "no / at its end (column 8)",
		"/mm(/":          "missing closing ): mm( (column 2)",
		"/mmap/openat":   "a comma is missing (column 7)",
		"/no such call/": "no system call matches",
		"xyzxyzxyz":      `unknown system call "xyzxyzxyz" (column 1)`,
		"openat, mmap":   `unknown system call " mmap"; did you mean "mmap"?`,
	} {
		_, err := filter.ParseSet(table(), text)
		if err == nil {
			t.Errorf("%q is no mistake", text)
			continue
		}
		if first, _, _ := strings.Cut(strings.ReplaceAll(err.Error(), "`", ""), "\n"); !strings.Contains(first, want) {
			t.Errorf("%q: %s\nwant %s", text, first, want)
		}
	}
}

// oracle is what a set should be, decided for each call anew by looking at the
// items from the last to the first: the last that speaks of a call decides.
func oracle(text string) (filter.Set, bool) {
	items := regexp.MustCompile(`!?(/(\\.|[^/\\])*/|[^,]*)(,|$)`).FindAllString(text, -1)
	if strings.Join(items, "") != text || text == "" || strings.HasSuffix(text, ",") {
		return nil, false
	}
	set := filter.Set{}
	classes := filter.Classes(table())
	for _, call := range table().Names() {
		in := strings.HasPrefix(text, "!")
		for _, item := range slices.Backward(items) {
			item = strings.TrimSuffix(item, ",")
			word := strings.TrimPrefix(item, "!")
			if speaks(classes, word, call) {
				in = word == item
				break
			}
		}
		if in {
			set[call] = true
		}
	}
	return set, true
}

func speaks(classes map[string][]string, word, call string) bool {
	switch {
	case len(word) > 1 && word[0] == '/':
		re, err := regexp.Compile(word[1 : len(word)-1])
		return err == nil && re.MatchString(call)
	case strings.HasPrefix(word, "%"):
		return slices.Contains(classes[word[1:]], call)
	}
	return word == call || word == "all"
}

// Whatever is accepted means what the oracle says, and an error points into the
// text.
func FuzzSet(f *testing.F) {
	for _, text := range []string{
		"openat", "!openat,mmap", "%file,!execve,/^m/", "/a,b/,all", `/\//,mmap`, "!/./,read", "%lock,!%memory,!%lock,flock", "!all,all,!read",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := filter.ParseSet(table(), text)
		if err != nil {
			checkPosition(t, text, err)
			return
		}
		want, ok := oracle(text)
		if !ok {
			t.Fatalf("%q was accepted", text)
		}
		if names(got) != names(want) {
			t.Errorf("%q is %s, want %s", text, names(got), names(want))
		}
	})
}
