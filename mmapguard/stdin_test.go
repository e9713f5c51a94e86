package mmapguard_test

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// The child reads its standard input, a pipe, and says what came of it.
var _ = role("stdin", func(args []string) error {
	d, err := mmapguard.LoadStdin(number(args[0]))
	return report(d, err)
})

var _ = role("load stdin", func([]string) error {
	d, err := mmapguard.Load("-")
	return report(d, err)
})

func report(d *mmapguard.FileData, err error) error {
	if errors.Is(err, mmapguard.ErrTooLarge) && strings.Contains(err.Error(), "standard input") {
		fmt.Print("too large")
		return nil
	}
	if err != nil {
		return err
	}
	inode := byte(0)
	if at := misplaced(d.Bytes(), 0, 1, &inode); at >= 0 {
		return fmt.Errorf("wrong byte at %d", at)
	}
	fmt.Print(d.Len(), " ", d.Backing())
	return d.Close()
}

func TestLoadStdinFromAPipe(t *testing.T) {
	for _, c := range []struct {
		bytes int
		limit int64
		says  string
	}{
		{0, 0, "0 Loaded"},
		{0, 10, "0 Loaded"},
		{1, 0, "too large"},
		{1000, 1000, "1000 Loaded"},
		{1001, 1000, "too large"},
		{300_000, 300_000, "300000 Loaded"},
		{300_001, 300_000, "too large"},
		{300_000, mmapguard.NoLimit, "300000 Loaded"},
	} {
		feed := func(cmd *exec.Cmd) { cmd.Stdin = strings.NewReader(string(contents(c.bytes, 1))) }
		got := run(t, feed, "stdin", strconv.FormatInt(c.limit, 10))
		if got.code != 0 || got.stdout != c.says {
			t.Errorf("%d bytes, limit %d: exit code %d, %q, want %q\n%s", c.bytes, c.limit, got.code, got.stdout, c.says, head(got.stderr))
		}
	}
	feed := func(cmd *exec.Cmd) { cmd.Stdin = strings.NewReader(string(contents(70_000, 1))) }
	if got := run(t, feed, "load stdin"); got.code != 0 || got.stdout != "70000 Loaded" {
		t.Errorf("Load(\"-\"): exit code %d, %q\n%s", got.code, got.stdout, head(got.stderr))
	}
}
