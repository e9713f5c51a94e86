//go:build unix

package demo

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// ended runs a shell to its end, for a real process state.
func ended(t *testing.T, script string) *os.ProcessState {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Skip("sh is not installed")
	}
	return cmd.ProcessState
}

func TestCauseOfDeath(t *testing.T) {
	const goRuntime = "unexpected fault address 0x7f\nfatal error: fault\n[signal SIGBUS: bus error code=0x2 addr=0x7f pc=0x47]\n"
	for _, c := range []struct{ script, stderr, signal, text string }{
		{"kill -BUS $$", "", "SIGBUS", "killed by the kernel: signal: bus error"},
		{"kill -KILL $$", goRuntime, "SIGKILL", "killed by the kernel: signal: killed"},
		{"exit 2", goRuntime, "SIGBUS", "fatal error: fault (SIGBUS, bus error), exit status 2"},
		{"exit 2", "fatal error: out of memory\n", "", "fatal error: out of memory, exit status 2"},
		{"exit 3", "last words", "", "exit status 3: last words"},
	} {
		signal, text := causeOfDeath(ended(t, c.script), c.stderr)
		if signal != c.signal || !strings.HasPrefix(text, c.text) {
			t.Errorf("%s, %q: %s, %q; want %s, %q", c.script, c.stderr, signal, text, c.signal, c.text)
		}
	}
}
