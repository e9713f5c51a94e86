package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Build says how to build a package's tests.
type Build struct {
	Package string
	Out     string // the file to make
	// Fuzz builds for fuzzing: every package tells the engine where it has been.
	Fuzz bool
	// Cover is what to count the coverage of, as -coverpkg takes it.
	Cover string
	// Replace stands files of the sources in for others.
	Replace map[string]string
}

// Do builds.
func (b Build) Do(ctx context.Context) error {
	args := []string{"test", "-c", "-o", b.Out}
	if b.Fuzz {
		args = append(args, "-fuzz=.") // any pattern: it turns the instrumentation on
	}
	if b.Cover != "" {
		args = append(args, "-cover", "-covermode=set", "-coverpkg="+b.Cover)
	}
	if len(b.Replace) > 0 {
		overlay, err := b.overlay()
		if err != nil {
			return err
		}
		args = append(args, "-overlay="+overlay)
	}
	cmd := command(ctx, append(args, b.Package)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the tests of %s: %w\n%s", b.Package, err, out)
	}
	return nil
}

// overlay writes the replacements in the form that the go command takes.
func (b Build) overlay() (path string, err error) {
	text, err := json.Marshal(map[string]any{"Replace": b.Replace})
	if err != nil {
		return "", err
	}
	path = b.Out + ".overlay.json"
	return path, os.WriteFile(path, text, 0o600)
}

// CacheDir is where the go command keeps the inputs of a package's targets.
func CacheDir(ctx context.Context, pkg string) (string, error) {
	out, err := command(ctx, "env", "GOCACHE").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOCACHE: %w", explain(err))
	}
	return filepath.Join(strings.TrimSpace(string(out)), "fuzz", filepath.FromSlash(pkg)), nil
}
