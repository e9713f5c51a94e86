package mmapguard_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"

	"github.com/gofrs/flock"
)

// attacker is another process that does to files what it is told, one line of
// JSON for each deed and each answer.
type attacker struct {
	mu  sync.Mutex
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// theAttacker runs as long as the tests do, so that it is in no leak count.
var theAttacker attacker

func (a *attacker) start() error {
	a.cmd = childCommand(context.Background(), "attacker")
	a.cmd.Stderr = os.Stderr
	in, err := a.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := a.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	a.in, a.out = in, bufio.NewReader(out)
	return a.cmd.Start()
}

// stop ends the attacker by closing its input.
func (a *attacker) stop() {
	if !hasProcesses {
		return
	}
	_ = a.in.Close()
	_ = a.cmd.Wait()
}

func (a *attacker) do(deed ...string) (answer string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	line, err := json.Marshal(deed)
	if err != nil {
		return "", err
	}
	if _, err := a.in.Write(append(line, '\n')); err != nil {
		return "", err
	}
	reply, err := a.out.ReadBytes('\n')
	if err != nil {
		return "", err
	}
	var got [2]string
	if err := json.Unmarshal(reply, &got); err != nil {
		return "", err
	}
	if got[1] != "" {
		return "", errors.New(got[1])
	}
	return got[0], nil
}

// attack lets the other process do something that must work.
func attack(t testing.TB, deed ...string) string {
	t.Helper()
	if !hasProcesses {
		t.Skip("needs a system with processes")
	}
	answer, err := theAttacker.do(deed...)
	if err != nil {
		t.Fatalf("attacker: %v: %v", deed, err)
	}
	return answer
}

// truncate lets the other process set a file's size.
func truncate(t testing.TB, path string, size int64) {
	t.Helper()
	attack(t, "truncate", path, strconv.FormatInt(size, 10))
}

// lockedByUs tells whether the other process is refused an exclusive lock.
func lockedByUs(t testing.TB, path string) bool {
	t.Helper()
	return attack(t, "try", path) == "busy"
}

var _ = role("attacker", func([]string) error {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var deed []string
		if err := json.Unmarshal(in.Bytes(), &deed); err != nil {
			return err
		}
		answer, err := strike(deed)
		reply := [2]string{answer, ""}
		if err != nil {
			reply[1] = err.Error()
		}
		line, err := json.Marshal(reply)
		if err != nil {
			return err
		}
		if _, err := os.Stdout.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return in.Err()
})

// deeds are what the attacker can do to the file that is its first argument;
// files for one system add theirs.
var deeds = map[string]func(path string, args []string) (string, error){
	"truncate": func(path string, args []string) (string, error) {
		return "", os.Truncate(path, number(args[0]))
	},
	"write": func(path string, args []string) (string, error) {
		return "", writeOver(path, number(args[0]), []byte(args[1]))
	},
	"replace": func(path string, args []string) (string, error) { return "", os.Rename(args[0], path) },
	"unlink":  func(path string, _ []string) (string, error) { return "", os.Remove(path) },
	"symlink": func(path string, args []string) (string, error) {
		return "", errors.Join(os.Remove(path), os.Symlink(args[0], path))
	},
	"lock":   holdLock,
	"unlock": func(path string, _ []string) (string, error) { return "", held[path].Unlock() },
	"try":    tryLock,
}

func strike(deed []string) (string, error) {
	do, ok := deeds[deed[0]]
	if !ok {
		return "", fmt.Errorf("no such deed: %s", deed[0])
	}
	return do(deed[1], deed[2:])
}

// held are the exclusive locks of the attacker.
var held = map[string]*flock.Flock{}

func holdLock(path string, _ []string) (string, error) {
	lock := flock.New(path, flock.SetFlag(os.O_RDWR))
	ok, err := lock.TryLock()
	if err == nil && !ok {
		err = errors.New("somebody else has the lock")
	}
	held[path] = lock
	return "", err
}

func tryLock(path string, _ []string) (string, error) {
	lock := flock.New(path, flock.SetFlag(os.O_RDWR))
	ok, err := lock.TryLock()
	if err != nil || !ok {
		return "busy", err
	}
	return "free", lock.Unlock()
}

func writeOver(path string, off int64, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(b, off)
	return errors.Join(err, f.Close())
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}
