// Package engine finds the fuzz targets of the workspace, builds them and runs
// them. It drives the test binaries themselves instead of "go test", so that
// one build serves several runs, elsewhere and with other inputs.
package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Target is a fuzz target: a function of a package's tests.
type Target struct {
	Name    string // of the function
	Package string // its import path
	Dir     string // the package's folder
}

// Targets finds all targets of all modules of the workspace. A target joins by
// existing.
func Targets(ctx context.Context) ([]Target, error) {
	out, err := command(ctx, "list", "-json=Dir,ImportPath,TestGoFiles,XTestGoFiles", "work").Output()
	if err != nil {
		return nil, fmt.Errorf("listing the workspace's packages: %w", explain(err))
	}
	var targets []Target
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			Dir          string   `json:"Dir"`
			ImportPath   string   `json:"ImportPath"`
			TestGoFiles  []string `json:"TestGoFiles"`
			XTestGoFiles []string `json:"XTestGoFiles"`
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return targets, nil
		} else if err != nil {
			return nil, err
		}
		for _, file := range append(p.TestGoFiles, p.XTestGoFiles...) {
			names, err := functions(filepath.Join(p.Dir, file))
			if err != nil {
				return nil, err
			}
			for _, name := range names {
				targets = append(targets, Target{name, p.ImportPath, p.Dir})
			}
		}
	}
}

// functions are the names of a file's fuzz targets.
func functions(path string) (names []string, err error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && isTarget(f) {
			names = append(names, f.Name.Name)
		}
	}
	return names, nil
}

// isTarget tells func FuzzX(f *testing.F).
func isTarget(f *ast.FuncDecl) bool {
	if f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Fuzz") || len(f.Type.Params.List) != 1 {
		return false
	}
	pointer, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	typ, ok := pointer.X.(*ast.SelectorExpr)
	return ok && typ.Sel.Name == "F"
}

// command is one of the go command.
func command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = os.Environ()
	return cmd
}

// explain adds what a command said.
func explain(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%w\n%s", err, exit.Stderr)
	}
	return err
}

// Root is the workspace's folder.
func Root(ctx context.Context) (string, error) {
	out, err := command(ctx, "env", "GOWORK").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOWORK: %w", explain(err))
	}
	file := strings.TrimSpace(string(out))
	if file == "" || file == "off" {
		return "", errors.New("not in a workspace: there is no go.work")
	}
	return filepath.Dir(file), nil
}
