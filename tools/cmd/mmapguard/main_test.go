package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mmapguard/go/mmapguard/confine"
	"github.com/mmapguard/go/tools/internal/cli"
	"github.com/mmapguard/go/tools/internal/cli/sysinfo"
)

// The test binary is also the command, and the other processes that the scripts
// need; testscript tells them apart by name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"mmapguard": main,
		"holdlock":  holdLock,
		"thenwrite": thenWrite,
	})
}

func TestScripts(t *testing.T) { runScripts(t, "testdata/script") }

// What has to change files changes them in its directory, unless it was told to
// keep its rights.
func TestChangersAreConfined(t *testing.T) { runScripts(t, "testdata/confined") }

func runScripts(t *testing.T, dir string) {
	t.Helper()
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			// Wide enough that no table wraps a text that a script looks for.
			env.Setenv("COLUMNS", "1000")
			// The race detector delays the end of every process by a second, and the
			// demonstration has a time limit.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "landlock" {
				return false, fmt.Errorf("no such condition: %s", name)
			}
			return confine.Kernel().Landlock.Active, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"json":     checkJSON,
			"await":    await,
			"awaitmap": awaitLock,
			"makefile": makeFile,
			"write":    write,
		},
	})
}

// exits runs a command and wants exactly the given exit code:
// exits CODE COMMAND ARGS...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// checkJSON parses a file ("stdout" and "stderr" too) as JSON, and compares the
// value at a path with the given text: json FILE [PATH WANT]...
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args)%2 != 1 {
		ts.Fatalf("usage: json FILE [PATH WANT]...")
	}
	var doc any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
	for i := 1; i < len(args); i += 2 {
		if got := fmt.Sprint(lookUp(doc, args[i])); got != args[i+1] {
			ts.Fatalf("%s is %s, want %s", args[i], got, args[i+1])
		}
	}
}

// lookUp follows a path like "0.error.kind".
func lookUp(v any, path string) any {
	for _, key := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

const patience = 60 * time.Second

// until waits for something that another process is about to do.
func until(ts *testscript.TestScript, what string, done func() bool) {
	for deadline := time.Now().Add(patience); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			ts.Fatalf("%s did not happen", what)
		}
	}
}

// await waits until a file exists: await FILE
func await(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	until(ts, name, func() bool {
		_, err := os.Stat(name)
		return err == nil
	})
}

// awaitLock waits until some process holds a lock on a file, which a mapping
// does; it asks the kernel and takes none itself: awaitmap FILE
func awaitLock(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	until(ts, "a lock on "+args[0], func() bool {
		locks, _ := sysinfo.Locks(info)
		return len(locks) > 0
	})
}

// makeFile makes a file, or changes the size of one: makefile FILE BYTES
func makeFile(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_CREATE|os.O_WRONLY, 0o600)
	ts.Check(err)
	ts.Check(f.Truncate(size))
	ts.Check(f.Close())
}

// write makes a file of a text without a line feed: write FILE TEXT
func write(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(args[1]), 0o600))
}

// holdLock is a process that locks a file exclusively, says so by making another
// file, and holds the lock until it is killed: holdlock FILE READY
func holdLock() {
	lock := flock.New(os.Args[1], flock.SetFlag(os.O_RDWR))
	if ok, err := lock.TryLock(); err != nil || !ok {
		fmt.Fprintln(os.Stderr, "holdlock:", ok, err)
		os.Exit(1)
	}
	if err := os.WriteFile(os.Args[2], nil, 0o600); err != nil { // #nosec G703 -- the script names it
		fmt.Fprintln(os.Stderr, "holdlock:", err)
		os.Exit(1)
	}
	time.Sleep(patience)
}

// The exit codes of thenwrite, beside the command's.
const (
	codeWritten = 100
	codeDenied  = 101
)

// thenWrite is mmapguard, whose process goes on to write the file that the
// environment names: THEN=FILE thenwrite ARGS...
func thenWrite() {
	target := os.Getenv("THEN")
	// The demonstration starts this program again, and those processes write nothing.
	if err := os.Unsetenv("THEN"); err != nil {
		fmt.Fprintln(os.Stderr, "thenwrite:", err)
		os.Exit(1)
	}
	code := cli.Main()
	if code == 0 && target != "" {
		switch err := os.WriteFile(target, nil, 0o600); { // #nosec G703 -- the script names it
		case err == nil:
			code = codeWritten
		case errors.Is(err, fs.ErrPermission):
			code = codeDenied
		default:
			fmt.Fprintln(os.Stderr, "thenwrite:", err)
			code = 1
		}
	}
	os.Exit(code)
}
