// Package gotool runs the go command on one module, without a workspace: what a
// release says about itself must not depend on the other modules beside it.
package gotool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Module is a module as go list tells it.
type Module struct {
	Path    string  `json:"Path"`
	Version string  `json:"Version"`
	Dir     string  `json:"Dir"`
	Main    bool    `json:"Main"`
	Replace *Module `json:"Replace"`
}

// Target is a system that a command is built for.
type Target struct{ OS, Arch string }

func (t Target) String() string { return t.OS + "/" + t.Arch }

// Env is the environment of a command that looks at one module for a target;
// the zero target is this machine.
func Env(target Target) []string {
	env := append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	if target != (Target{}) {
		env = append(env, "GOOS="+target.OS, "GOARCH="+target.Arch)
	}
	return env
}

// Run runs a command in dir and returns what it prints.
func Run(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...) // #nosec G204 -- the callers' constants and the repository's names
	cmd.Dir, cmd.Env = dir, env
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("in %s, %s %s: %w\n%s", dir, name, strings.Join(args, " "), err, problem.Bytes())
	}
	return out, nil
}

// Linked are the modules whose packages are linked into what pattern names in
// the module of dir, that module included.
func Linked(ctx context.Context, dir string, target Target, pattern string) (map[string]Module, error) {
	out, err := Run(ctx, dir, Env(target), "go", "list", "-deps", "-json=Module", pattern)
	if err != nil {
		return nil, err
	}
	linked := map[string]Module{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg struct {
			Module *Module `json:"Module"`
		}
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return linked, nil
		} else if err != nil {
			return nil, fmt.Errorf("read the list of packages of %s: %w", dir, err)
		}
		if pkg.Module != nil { // the standard library has none
			linked[pkg.Module.Path] = *pkg.Module
		}
	}
}
