//go:build linux

package vm

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// An apt runs Debian's package tools for another architecture, with lists and
// caches in a directory of its own and no installed packages.
type apt struct{ work, config string }

func newAPT(work, debianArch string) (*apt, error) {
	for _, dir := range []string{"state/lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(work, dir), 0o750); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(work, "apt.conf")
	text := fmt.Sprintf(`#clear APT::Architectures;
APT::Architecture %[1]q;
APT::Architectures { %[1]q; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State %[2]q;
Dir::State::status "/dev/null";
Dir::Cache %[3]q;
`, debianArch, filepath.Join(work, "state"), filepath.Join(work, "cache"))
	return &apt{work, config}, os.WriteFile(config, []byte(text), 0o600)
}

// run returns what the tool printed.
func (t *apt) run(ctx context.Context, tool string, args ...string) (string, error) {
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, tool, args...) // #nosec G204 -- apt's tools, packages of its lists
	cmd.Dir = t.work
	cmd.Env = append(os.Environ(), "APT_CONFIG="+t.config, "LC_ALL=C")
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s %s: %w: %s", tool, strings.Join(args, " "), err, strings.TrimSpace(said.String()))
	}
	return out.String(), nil
}

// kernelPackage asks which package the always-newest one stands for. A mirror
// may fail to deliver some of its lists; that matters only if the answer is not
// among the others.
func (t *apt) kernelPackage(ctx context.Context, meta string) (string, error) {
	_, failed := t.run(ctx, "apt-get", "-q", "update")
	out, err := t.run(ctx, "apt-cache", "depends", meta)
	lines := bufio.NewScanner(strings.NewReader(out))
	for lines.Scan() {
		if pkg, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "Depends: linux-image-"); ok {
			return "linux-image-" + pkg, nil
		}
	}
	return "", fmt.Errorf("which kernel is %s: %w", meta, errors.Join(err, failed, lines.Err()))
}
