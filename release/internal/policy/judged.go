package policy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mmapguard/go/release/internal/gotool"
)

// Judged is a licence that a person has read, because the program that looks for
// licences cannot: the judgement holds for that text in that version alone.
type Judged struct {
	Module  string `yaml:"module"`
	Version string `yaml:"version"`
	File    string `yaml:"file"`    // within the module
	SHA256  string `yaml:"sha256"`  // of the file, in hexadecimal
	Licence string `yaml:"licence"` // what it allows, or one of the choices that it leaves
	Because string `yaml:"because"` // why no program could tell
}

// Exceptions are the modules that need not be looked at, since what was judged is
// what the workspace at root takes. It downloads those that no cache has.
func Exceptions(ctx context.Context, root string) ([]string, error) {
	p, err := Read(root)
	if err != nil {
		return nil, err
	}
	var paths []string
	var problems []error
	for i := range p.Judged {
		module, err := taken(ctx, root, p.Judged[i].Module)
		if err == nil {
			err = p.stands(&p.Judged[i], module)
		}
		problems = append(problems, err)
		paths = append(paths, p.Judged[i].Module)
	}
	return paths, errors.Join(problems...)
}

// taken is the module of that path in the version that the workspace takes.
func taken(ctx context.Context, root, path string) (*gotool.Module, error) {
	// The caller may look at one module; what is linked here is the workspace's.
	env := append(os.Environ(), "GOWORK=", "GOFLAGS=-mod=readonly")
	out, err := gotool.Run(ctx, root, env, "go", "list", "-m", "-json", path)
	if err != nil {
		return nil, fmt.Errorf("release/policy.yaml judges a module that nothing requires? %w", err)
	}
	module := new(gotool.Module)
	if err := json.Unmarshal(out, module); err != nil {
		return nil, fmt.Errorf("what go list says of %s: %w", path, err)
	}
	return module, nil
}

// stands fails if another version is taken than was judged, if the text of the
// licence has changed, or if the policy does not allow what it was judged to be.
func (p *Policy) stands(j *Judged, module *gotool.Module) error {
	if !slices.Contains(p.Licences, j.Licence) {
		return fmt.Errorf("%s is judged to be under %q, which release/policy.yaml does not allow", j.Module, j.Licence)
	}
	if strings.TrimSpace(j.Because) == "" {
		return fmt.Errorf("release/policy.yaml does not say why the licence of %s had to be judged", j.Module)
	}
	if module.Version != j.Version {
		return fmt.Errorf("%s %s is taken, and the licence of %s was judged: read %s again", j.Module, module.Version, j.Version, j.File)
	}
	text, err := os.ReadFile(filepath.Join(module.Dir, filepath.FromSlash(j.File)))
	if err != nil {
		return fmt.Errorf("the licence of %s: %w", j.Module, err)
	}
	if digest := sha256.Sum256(text); hex.EncodeToString(digest[:]) != j.SHA256 {
		return fmt.Errorf("%s of %s %s has the digest %x, and is not what was judged: read it", j.File, j.Module, j.Version, digest)
	}
	return nil
}
