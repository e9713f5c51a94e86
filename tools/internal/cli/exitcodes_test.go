package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// Scripts rely on these numbers; they must never change.
func TestClassify(t *testing.T) {
	path := func(err error) error { return &fs.PathError{Op: "map", Path: "f", Err: err} }
	for _, c := range []struct {
		err  error
		code int
		name string
	}{
		{nil, 0, "ok"},
		{errors.New("x"), 1, "failed"},
		{path(fs.ErrNotExist), 1, "failed"},
		{errMismatch, 1, "failed"},
		{&usageError{"mmapguard", errNoFile}, 2, "usage"},
		{&mmapguard.FaultError{Name: "f", Op: "read", Offset: 1}, 3, "fault"},
		{path(mmapguard.ErrLocked), 4, "locked"},
		{path(fmt.Errorf("%w: why", mmapguard.ErrUnsupported)), 5, "unsupported"},
		{path(mmapguard.ErrChanged), 6, "changed"},
		{path(mmapguard.ErrReplaced), 6, "changed"},
		{path(mmapguard.ErrRevoked), 6, "changed"},
		{&changedError{"f"}, 6, "changed"},
		{path(mmapguard.ErrTooLarge), 7, "too-large"},
		{path(mmapguard.ErrNotRegular), 8, "not-mappable"},
		{path(mmapguard.ErrEmpty), 8, "not-mappable"},
		{context.Canceled, 130, "interrupted"},
		{errBrokenPipe, 141, "broken-pipe"},
		// Of all the attempts to get a guarantee, the one with another answer than
		// "there is no such thing" is the news.
		{errors.Join(mmapguard.ErrUnsupported, mmapguard.ErrLocked), 4, "locked"},
	} {
		if line := classify(c.err); line.Code != c.code || line.Name != c.name {
			t.Errorf("%v is %d %s, want %d %s", c.err, line.Code, line.Name, c.code, c.name)
		}
	}
}

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		codes []int
		want  int
	}{
		{nil, 0}, {[]int{0, 0}, 0}, {[]int{0, 4, 0, 4}, 4}, {[]int{3, 4}, 1}, {[]int{4, 3, 4}, 1},
	} {
		if got := worst(c.codes); got != c.want {
			t.Errorf("worst(%v) is %d, want %d", c.codes, got, c.want)
		}
	}
}

// The help text tells every code, and fits a terminal.
func TestHelpListsAllExitCodes(t *testing.T) {
	help := run(t, "--help")
	help.want(t, 0)
	for _, line := range exitCodes {
		start := fmt.Sprintf("\n  %3d  %s", line.Code, strings.Fields(line.Meaning)[0])
		if !strings.Contains(help.out, start) {
			t.Errorf("%q is not in the help text", start)
		}
	}
	for line := range strings.Lines(help.out) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestSubcommandHelpFitsATerminal(t *testing.T) {
	for _, command := range []string{"cat", "demo", "doctor", "stat", "sum"} {
		for line := range strings.Lines(run(t, command, "--help").out) {
			isFlag := strings.HasPrefix(strings.TrimSpace(line), "-")
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 && !isFlag {
				t.Errorf("%s: %d columns: %s", command, n, line)
			}
		}
	}
}
