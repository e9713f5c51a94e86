package confine_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard/confine"
)

// Confinement has no way back, so every test is a process of its own: this
// binary again, told by its environment what to do.
func TestMain(m *testing.M) {
	name, child := os.LookupEnv("CONFINE_ROLE")
	if !child {
		os.Exit(m.Run())
	}
	if roles[name] == nil {
		fmt.Println("no such role:", name)
		os.Exit(1)
	}
	os.Exit(play(roles[name]))
}

// A role is what a process does. It gets the directory that is allowed, and the
// arguments.
type role func(dir string, args []string) error

var roles = map[string]role{}

// play confines the process as its environment says, and reports on standard
// output, which stays open.
func play(r role) int {
	dir := os.Getenv("CONFINE_DIR")
	var err error
	switch layers := os.Getenv("CONFINE_LAYERS"); layers {
	case "none":
	case "all":
		_, err = confine.Dir(dir)
	case "changes":
		_, err = confine.Changes([]string{dir, elsewhere(os.Args[1:])})
	case "clones": // of the files that tests make there
		_, err = confine.Dir(dir, confine.Clones(filepath.Join(dir, "file"), filepath.Join(dir, "data")))
	default:
		err = confine.Only(layers, dir)
	}
	if err != nil {
		fmt.Println("cannot confine:", err)
		return 1
	}
	if err := r(dir, os.Args[1:]); err != nil {
		fmt.Println("denied:", err)
		return 1
	}
	fmt.Println("done")
	return 0
}

// elsewhere is the file outside of the directory that may be changed.
func elsewhere(args []string) string { return args[len(args)-1] }

// needLayers skips where the kernel lacks a layer.
func needLayers(t *testing.T) {
	t.Helper()
	k := confine.Kernel()
	need(t, k.Landlock, k.Seccomp)
}

func need(t *testing.T, layers ...confine.Layer) {
	t.Helper()
	for _, l := range layers {
		if !l.Active {
			t.Skip(l)
		}
	}
}

// run is the outcome of a role: "done", "denied: …", "killed by bad system
// call", or whatever else went wrong.
func run(t *testing.T, name, layers, dir string, args ...string) string {
	t.Helper()
	return command(t, name, layers, dir, args...)(nil, io.Discard)
}

// command is a role that reads an input, and whose output somebody watches.
func command(t *testing.T, name, layers, dir string, args ...string) func(stdin io.Reader, watch io.Writer) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), "CONFINE_ROLE="+name, "CONFINE_LAYERS="+layers, "CONFINE_DIR="+dir)
	return func(stdin io.Reader, watch io.Writer) string {
		var stdout, stderr bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, io.MultiWriter(&stdout, watch), &stderr
		// A process that ends early leaves its input unread.
		cmd.WaitDelay = time.Second
		err := cmd.Run()
		var exit *exec.ExitError
		switch out := strings.TrimSpace(stdout.String()); {
		case errors.As(err, &exit) && !exit.Exited():
			return "killed by " + strings.TrimPrefix(exit.Error(), "signal: ")
		case err != nil && out == "":
			return fmt.Sprintf("%v: %s", err, stderr.String())
		default:
			return out
		}
	}
}
