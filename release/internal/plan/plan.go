// Package plan knows what is released: the modules of release/modules.txt, in the
// order of their publication, and the commands that .goreleaser.yaml builds.
package plan

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mmapguard/go/release/internal/gotool"
)

// Repository is the path under which the modules are published.
const Repository = "github.com/mmapguard/go"

// Plan is what a repository releases.
type Plan struct {
	Modules  []string // folders, in the order of their publication
	Commands []Command
}

// Command is a command that is built for some targets.
type Command struct {
	Name    string   `yaml:"binary"`
	Module  string   `yaml:"dir"`
	Main    string   `yaml:"main"`
	Targets []string `yaml:"targets"`
}

// Read reads the plan of the repository at root.
func Read(root string) (*Plan, error) {
	modules, err := lines(filepath.Join(root, "release", "modules.txt"))
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(root, ".goreleaser.yaml")) // #nosec G304 -- a file of the repository
	if err != nil {
		return nil, err
	}
	var config struct {
		Builds []Command `yaml:"builds"`
	}
	if err := yaml.Unmarshal(data, &config); err != nil {
		return nil, fmt.Errorf(".goreleaser.yaml: %w", err)
	}
	return &Plan{Modules: modules, Commands: config.Builds}, nil
}

// Libraries are the modules that no command comes from.
func (p *Plan) Libraries() []string {
	return slices.DeleteFunc(slices.Clone(p.Modules), func(module string) bool {
		return slices.ContainsFunc(p.Commands, func(c Command) bool { return c.Module == module })
	})
}

// Systems are the targets of c as Go names them; GoReleaser joins the two parts,
// and adds what it tells apart below the processor (arm_7, amd64_v1).
func (c *Command) Systems() []gotool.Target {
	var all []gotool.Target
	for _, target := range c.Targets {
		parts := strings.Split(target, "_")
		all = append(all, gotool.Target{OS: parts[0], Arch: parts[1]})
	}
	return all
}

// lines are those of a file that are neither empty nor comments.
func lines(name string) ([]string, error) {
	file, err := os.Open(name) // #nosec G304 -- a file of the repository
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // was read only
	var all []string
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		if line := strings.TrimSpace(scanner.Text()); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all, scanner.Err()
}
