// Package policy holds the dependencies of the repository against
// release/policy.yaml: where they come from, which are banned, and that every
// version is pinned by a digest that is committed.
package policy

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/modfile"

	"github.com/mmapguard/go/release/internal/plan"
)

// Policy is what the file says.
type Policy struct {
	Licences []string `yaml:"licences"`
	Judged   []Judged `yaml:"judged"`
	Sources  []string `yaml:"sources"`
	Library  []string `yaml:"library"`
	Banned   []struct {
		Module  string `yaml:"module"`
		Because string `yaml:"because"`
	} `yaml:"banned"`
}

// Read reads the policy of the repository at root.
func Read(root string) (*Policy, error) {
	data, err := os.ReadFile(filepath.Join(root, "release", "policy.yaml")) // #nosec G304 -- a file of the repository
	if err != nil {
		return nil, err
	}
	p := new(Policy)
	if err := yaml.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("release/policy.yaml: %w", err)
	}
	return p, nil
}

// Check fails unless the repository at root keeps its policy.
func Check(root string) error {
	p, err := Read(root)
	if err != nil {
		return err
	}
	what, err := plan.Read(root)
	if err != nil {
		return err
	}
	var problems []error
	for _, module := range what.Modules {
		problems = append(problems, p.published(root, module))
	}
	return errors.Join(append(problems, locked(root), workflows(root), p.review(root), updates(root))...)
}

// published checks what a module that is published requires.
func (p *Policy) published(root, module string) error {
	name := filepath.Join(module, "go.mod")
	file, err := parse(filepath.Join(root, name))
	if err != nil {
		return err
	}
	var problems []error
	for _, require := range file.Require {
		path := require.Mod.Path
		if strings.HasPrefix(path, plan.Repository+"/") {
			continue
		}
		if err := p.allowed(path); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
		if module == "mmapguard" && !slices.Contains(p.Library, path) {
			problems = append(problems, fmt.Errorf("%s: the library may not require %s", name, path))
		}
	}
	for _, replace := range file.Replace {
		problems = append(problems, fmt.Errorf("%s: replaces %s, which those who require the module do not; use go.work", name, replace.Old.Path))
	}
	return errors.Join(problems...)
}

func (p *Policy) allowed(path string) error {
	for _, banned := range p.Banned {
		if path == banned.Module {
			return fmt.Errorf("%s is banned: %s", path, banned.Because)
		}
	}
	if !slices.ContainsFunc(p.Sources, func(source string) bool { return strings.HasPrefix(path, source) }) {
		return fmt.Errorf("%s comes from none of the sources that release/policy.yaml has", path)
	}
	return nil
}

func parse(name string) (*modfile.File, error) {
	data, err := os.ReadFile(name) // #nosec G304 -- a file of the repository
	if err != nil {
		return nil, err
	}
	return modfile.Parse(name, data, nil)
}
