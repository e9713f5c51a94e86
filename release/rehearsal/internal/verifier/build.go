// Package verifier builds and runs the real slsa-verifier against a virtual
// Sigstore.
//
// The verifier takes its trust from a file that sigstore-go embeds, the anchor
// of The Update Framework. That one file is replaced; every line of code is what
// go.sum says, and the command fetches and checks its trust root as it always does.
package verifier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	command = "github.com/slsa-framework/slsa-verifier/v2/cli/slsa-verifier"
	library = "github.com/sigstore/sigstore-go"
	anchor  = "pkg/tuf/repository/root.json" // in the library
)

// Build builds the command from the module in dir, with root as its anchor, and
// keeps what it makes in work. Building again is fast.
func Build(ctx context.Context, dir, work string, root []byte) (string, error) {
	copied := filepath.Join(work, "sigstore-go")
	if err := anchored(ctx, dir, copied, root); err != nil {
		return "", err
	}
	modfile := filepath.Join(work, "verifier.mod")
	for _, ending := range []string{".mod", ".sum"} {
		data, err := os.ReadFile(filepath.Join(dir, "go"+ending)) // #nosec G304 -- of this program's module
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(work, "verifier"+ending), data, 0o600); err != nil { // #nosec G703 -- a constant name in the folder to work in
			return "", err
		}
	}
	if _, err := run(ctx, dir, "mod", "edit", "-replace="+library+"="+copied, modfile); err != nil {
		return "", err
	}
	binary := filepath.Join(work, "slsa-verifier")
	_, err := run(ctx, dir, "build", "-trimpath", "-modfile="+modfile, "-o", binary, command)
	return binary, err
}

// Version is the verifier's version and digest, and the library's, as go.sum has them.
func Version(ctx context.Context, dir string) (string, error) {
	module := strings.TrimSuffix(command, "/cli/slsa-verifier")
	return run(ctx, dir, "list", "-m", "-f", "{{.Path}} {{.Version}} {{.Sum}}", module, library)
}

// anchored copies the library from the module cache, with another anchor. The
// copy is kept: were its files newer, Go would build everything anew.
func anchored(ctx context.Context, dir, to string, root []byte) error {
	from, err := run(ctx, dir, "list", "-m", "-f", "{{.Dir}}", library)
	if err != nil {
		return err
	}
	if _, err := os.Stat(to); errors.Is(err, fs.ErrNotExist) {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			return fmt.Errorf("copy %s: %w", library, err)
		}
	}
	name := filepath.Join(to, filepath.FromSlash(anchor))
	if old, err := os.ReadFile(name); /* #nosec G304 -- of the copy made above */ err == nil && bytes.Equal(old, root) {
		return nil
	}
	if err := os.Remove(name); err != nil { // modules are read-only
		return err
	}
	return os.WriteFile(name, root, 0o600)
}

// run runs the go command and returns what it prints.
func run(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...) // #nosec G204 -- the callers' constants
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, problem.Bytes())
	}
	return strings.TrimSpace(string(out)), nil
}
