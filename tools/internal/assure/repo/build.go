package repo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Overlay writes the replaced files where the go command can read them, and
// returns the flag that tells it so; nothing is needed for a plain tree.
func (t *Tree) Overlay(dir string) ([]string, error) {
	if len(t.overlay) == 0 {
		return nil, nil
	}
	replace := map[string]string{}
	for name, file := range t.overlay {
		copied := filepath.Join(dir, strings.ReplaceAll(name, "/", "__"))
		if err := os.WriteFile(copied, file.Data, 0o600); err != nil {
			return nil, err
		}
		replace[t.Path(name)] = copied
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	list := filepath.Join(dir, "overlay.json")
	return []string{"-overlay=" + list}, os.WriteFile(list, text, 0o600)
}

// Go runs the go command in the tree, for a system, and returns its output.
func (t *Tree) Go(ctx context.Context, goos string, args ...string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "assure-overlay-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	overlay, err := t.Overlay(dir)
	if err != nil {
		return nil, err
	}
	args = slices.Insert(slices.Clone(args), 1, overlay...)
	cmd := exec.CommandContext(ctx, "go", args...) // #nosec G204 -- what it runs is the case's, which is under review
	cmd.Dir = t.Root
	cmd.Env = append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("go %s: %w", strings.Join(args, " "), errors.Join(err, errors.New(strings.TrimSpace(stderr.String()))))
	}
	return out, nil
}

// Own is what the paths of this repository's modules begin with.
const Own = "github.com/mmapguard/go/"

// Module is a module at a version.
type Module struct{ Path, Version string }

// Dependencies are the modules of others that a package is built from on a
// system, without those that only its tests need.
func Dependencies(ctx context.Context, t *Tree, pattern, goos string) (found []Module, err error) {
	out, err := t.Go(ctx, goos, "list", "-deps", "-f", "{{with .Module}}{{.Path}} {{.Version}}{{end}}", pattern)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(out)) {
		path, version, ok := strings.Cut(strings.TrimSpace(line), " ")
		m := Module{path, version}
		if ok && !strings.HasPrefix(path+"/", Own) && !slices.Contains(found, m) {
			found = append(found, m)
		}
	}
	return found, nil
}
