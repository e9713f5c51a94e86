package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The test binary is also the command: go vet starts it as its tool.
func TestMain(m *testing.M) {
	if os.Getenv("GUARDVET_IS_COMMAND") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// planted is a program with one defect of each kind that it can have without C,
// next to the same thing done right.
const planted = `package planted

import (
	"sync"
	"unsafe"

	"github.com/mmapguard/go/mmapguard"
)

var (
	global []byte
	mu     sync.Mutex
)

func defects(d *mmapguard.FileData, ch chan byte, m map[string]int) error {
	return d.View(func(b []byte) error {
		global = b                        // lentescape
		go func() { _ = b[0] }()          // lentgoroutine
		ch <- b[0]                        // lentsend
		s := unsafe.String(&b[0], len(b)) // lentstring
		println(s)                        // lentprint
		m[s] = 1                          // lentmapkey
		b[0] = 1                          // lentwrite
		mu.Lock()                         // lentlock
		defer func() { m["n"] = int(b[0]) }()
		_ = string(b)
		mu.Unlock()
		return nil
	})
}

func late(d *mmapguard.FileData) byte {
	b := d.Bytes()
	_ = d.Close()
	return b[0] // useafterclose
}

func open(name string) (int, error) {
	d, err := mmapguard.MapFile(name) // neverclosed
	if err != nil {
		return 0, err
	}
	return d.Len(), nil
}
`

// modules lays out a module with the planted defects and one with the library's
// stub, which go vet takes instead of the real one: a test has no network.
func modules(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	stub, err := os.ReadFile("../../guardvet/testdata/src/github.com/mmapguard/go/mmapguard/stub.go")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod": "module example.com/planted\n\ngo 1.25.0\n\nrequire github.com/mmapguard/go/mmapguard v0.0.0\n\n" +
			"replace github.com/mmapguard/go/mmapguard => ./library\n",
		"planted.go":      planted,
		"library/go.mod":  "module github.com/mmapguard/go/mmapguard\n\ngo 1.25.0\n",
		"library/stub.go": string(stub),
		// Functions without a body need a file that could hold them.
		"library/stub.s": "",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func run(t *testing.T, dir, name string, args ...string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GUARDVET_IS_COMMAND=1", "GOWORK=off", "GOFLAGS=", "GOPROXY=off", "PWD="+dir)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// marked are the lines of the planted source that name an analyzer.
func marked() map[string]int {
	lines := map[string]int{"boundary": 5}
	for i, line := range strings.Split(planted, "\n") {
		if _, name, ok := strings.Cut(line, "// "); ok {
			lines[name] = i + 1
		}
	}
	return lines
}

func TestPlantedDefectsAreFound(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := modules(t)
	for name, command := range map[string][]string{
		"go vet":      {"go", "vet", "-json", "-vettool=" + self, "-boundary.packages=none", "./..."},
		"stand-alone": {self, "-json", "-boundary.packages=none", "./..."},
	} {
		t.Run(name, func(t *testing.T) {
			out, _ := run(t, dir, command[0], command[1:]...)
			found := reports(t, out)
			for name, line := range marked() {
				if !found[name][line] {
					t.Errorf("no report of %s at line %d", name, line)
				}
				delete(found[name], line)
				for line := range found[name] {
					t.Errorf("%s reports line %d", name, line)
				}
			}
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := modules(t)
	if out, code := run(t, dir, "go", "vet", "-vettool="+self, "."); code == 0 || !strings.Contains(out, "planted.go:17") {
		t.Errorf("go vet exits with %d: %s", code, out)
	}
	if out, code := run(t, dir, self, "-lentsend", "example.com/planted"); code == 0 || strings.Count(out, "planted.go:") != 1 {
		t.Errorf("one analyzer alone exits with %d: %s", code, out)
	}
	if out, code := run(t, dir, self, "github.com/mmapguard/go/mmapguard"); code != 0 {
		t.Errorf("without a defect it exits with %d: %s", code, out)
	}
	if out, code := run(t, dir, self, "help", "lentescape"); code != 0 || !strings.Contains(out, "lent bytes that outlive the callback") {
		t.Errorf("help exits with %d: %s", code, out)
	}
}
