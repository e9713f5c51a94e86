package property

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"pgregory.net/rapid"
)

// roleEnv makes the test binary another process: it names the role and gives
// its argument as JSON, after a colon.
const roleEnv = "MMAPGUARD_PROPERTY_ROLE"

// runRole is the main function of the other processes. They end when their
// standard input does, so that none outlives the test.
func runRole(role string) int {
	name, arg, _ := strings.Cut(role, ":")
	var err error
	switch name {
	case "attack":
		err = runAttack(arg)
	case "peer":
		err = servePeer(os.Stdin, os.Stdout)
	default:
		err = errors.New("no such role")
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", role, err)
		return 1
	}
	return 0
}

// process is another process, in the role it was started for.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startRole(t rapid.TB, name string, arg any) *process {
	t.Helper()
	text, err := json.Marshal(arg)
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(exe)}
	// The race detector would make each process sleep for a second at its end.
	p.cmd.Env = append(os.Environ(), roleEnv+"="+name+":"+string(text), "GORACE="+os.Getenv("GORACE")+" atexit_sleep_ms=0")
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// tell sends a line, and hear waits for one.
func (p *process) tell(t rapid.TB, line string) {
	t.Helper()
	if _, err := fmt.Fprintln(p.in, line); err != nil {
		t.Fatal(err)
	}
}

func (p *process) hear(t rapid.TB) string {
	t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatalf("the other process ended: %v", errors.Join(err, p.cmd.Wait()))
	}
	return strings.TrimSuffix(line, "\n")
}

// end closes the process's input and returns what it has to say at its end.
func (p *process) end(t rapid.TB) string {
	t.Helper()
	check(t, p.in.Close())
	last, err := io.ReadAll(p.out)
	check(t, errors.Join(err, p.cmd.Wait()))
	return strings.TrimSuffix(string(last), "\n")
}
