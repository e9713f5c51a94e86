package profile_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/trace/profile"
)

const published = "../../../../conformance/profile"

// The table, the profile for containers and that of confine say what profile.json
// says.
func TestPublishedFilesAreOfOneProfile(t *testing.T) {
	p, err := profile.Read(filepath.Join(published, "profile.json"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := profile.ReadConfinement(filepath.Join(published, "confine.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(io.Writer) error{
		"profile.json": p.WriteJSON, "seccomp.json": p.WriteOCI, "profile.md": p.WriteMarkdown,
		"../../mmapguard/confine/profile.json": func(w io.Writer) error { return p.WriteConfined(w, c) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		there, err := os.ReadFile(filepath.Join(published, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(there, b.Bytes()) {
			t.Errorf("%s is not what profile.json makes: just profile", name)
		}
	}
}

func call(name string, values ...uint64) profile.Call {
	c := profile.Call{Syscall: name}
	for i, v := range values {
		c.Args = append(c.Args, profile.Arg{Index: i, Name: "flags", Value: v, Text: "FLAG"})
	}
	return c
}

// A difference is a library call too few or too many, or a runtime's too few.
func TestDiffer(t *testing.T) {
	p := &profile.Profile{
		Arch: "amd64", Library: []profile.Call{call("openat", 1), call("close")}, Runtime: []profile.Call{call("futex"), call("mmap", 1)},
	}
	for name, c := range map[string]struct {
		fresh profile.Profile
		want  []string
	}{
		"the same":                     {*p, nil},
		"fewer of the runtime":         {profile.Profile{Library: p.Library}, nil},
		"the library's by the runtime": {profile.Profile{Library: p.Library, Runtime: []profile.Call{call("close")}}, nil},
		"another flag": {
			profile.Profile{Library: []profile.Call{call("openat", 2), call("close")}},
			[]string{"openat(flags=FLAG) is needed, and not in the profile", "openat(flags=FLAG) is in the profile, and nothing needed it"},
		},
		"fewer": {profile.Profile{Library: p.Library[:1]}, []string{"close() is in the profile, and nothing needed it"}},
		"more of the runtime": {
			profile.Profile{Library: p.Library, Runtime: []profile.Call{call("mmap", 2)}},
			[]string{"mmap(flags=FLAG) is needed by the runtime, and not in the profile"},
		},
	} {
		if got := p.Differ(&c.fresh); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Free are calls without flags that the runtime alone makes.
func TestFree(t *testing.T) {
	p := &profile.Profile{
		Library: []profile.Call{call("close"), call("openat", 1)},
		Runtime: []profile.Call{call("close"), call("futex"), call("mmap", 1)},
	}
	if got := p.Free(); !slices.Equal(got, []string{"futex"}) {
		t.Errorf("free are %q", got)
	}
}

// What a confinement says about the measurement has to be true.
func TestConfinementIsHeldAgainstTheMeasurement(t *testing.T) {
	p := &profile.Profile{Arch: "amd64", Library: []profile.Call{call("openat", 1), call("close")}}
	const head = "architectures: [SCMP_ARCH_X86_64]\ncalls:\n"
	for name, c := range map[string]struct{ text, want string }{
		"as it should be":         {"- {calls: [read], any: true, unmeasured: true, why: because}", ""},
		"not measured":            {"- {calls: [read], any: true, why: because}", "read was not measured"},
		"measured":                {"- {calls: [close], any: true, unmeasured: true, why: because}", "close was measured"},
		"twice":                   {"- {calls: [close], any: true, why: because}\n- {calls: [close], refuse: kill, why: because}", "twice"},
		"refused by a condition":  {"- {calls: [openat], when: [{arg: 0}], why: because}", "would be refused"},
		"refused on purpose":      {"- {calls: [openat], when: [{arg: 0}], without: [openat(flags=FLAG)], why: because}", ""},
		"refused without need":    {"- {calls: [openat], when: [{arg: 1}], without: [openat(flags=O)], why: because}", "openat(flags=O) was not measured"},
		"a flag that is none":     {"- {calls: [openat], when: [{arg: 0, domain: open, mask: [O_NONE]}], why: because}", "O_NONE"},
		"an argument without any": {"- {calls: [openat], only: {arg: 3, domain: open}, why: because}", "no argument 3"},
		"no reason":               {"- {calls: [close], any: true}", "why"},
		"two ways":                {"- {calls: [close], any: true, refuse: kill, why: because}", "want one of"},
		"an unknown action":       {"- {calls: [close], refuse: kil, why: because}", "kill"},
		"an unknown field":        {"- {calls: [close], anny: true, why: because}", "anny"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "confine.yaml")
			if err := os.WriteFile(file, []byte(head+c.text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			confinement, err := profile.ReadConfinement(file)
			if err == nil {
				err = p.WriteConfined(io.Discard, confinement)
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
