package policy

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// An action is named by a commit, with the release that it is in a comment.
var (
	uses   = regexp.MustCompile(`^\s*(?:- )?uses: (\S+)(.*)$`)
	pinned = regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40}$`)
	told   = regexp.MustCompile(`^ # v[0-9]+\.[0-9]+\.[0-9]+$`)
)

// generator is the one that goes by its tag: its signature names the tag, and
// slsa-verifier takes no other reference.
const generator = "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0"

// workflows checks how actions are named.
func workflows(root string) error {
	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil || len(files) == 0 {
		return errors.Join(err, fmt.Errorf("there are %d workflows", len(files)))
	}
	var problems []error
	for _, file := range files {
		data, err := os.ReadFile(file) // #nosec G304 -- a file of the repository
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(data)) {
			found := uses.FindStringSubmatch(strings.TrimRight(line, "\n"))
			if len(found) == 0 || found[1] == generator || strings.HasPrefix(found[1], "./") {
				continue
			}
			if !pinned.MatchString(found[1]) || !told.MatchString(found[2]) {
				problems = append(problems, fmt.Errorf("%s: %q is not pinned by a commit, with its release in a comment", filepath.Base(file), strings.TrimSpace(line)))
			}
		}
	}
	return errors.Join(problems...)
}

// review checks that changes are reviewed by the same licences.
func (p *Policy) review(root string) error {
	const name = "dependency-review.yml"
	data, err := os.ReadFile(filepath.Join(root, ".github", "workflows", name)) // #nosec G304 -- a file of the repository
	if err != nil {
		return err
	}
	if want := "allow-licenses: " + strings.Join(p.Licences, ", ") + "\n"; !strings.Contains(string(data), want) {
		return fmt.Errorf("%s has not %q, as release/policy.yaml has", name, strings.TrimSpace(want))
	}
	return nil
}

// updates checks that Dependabot looks at every folder with pinned versions.
func updates(root string) error {
	data, err := os.ReadFile(filepath.Join(root, ".github", "dependabot.yml")) // #nosec G304 -- a file of the repository
	if err != nil {
		return err
	}
	var config struct {
		Updates []struct {
			Ecosystem   string   `yaml:"package-ecosystem"`
			Directory   string   `yaml:"directory"`
			Directories []string `yaml:"directories"`
		} `yaml:"updates"`
	}
	if err := yaml.Unmarshal(data, &config); err != nil {
		return fmt.Errorf("dependabot.yml: %w", err)
	}
	watched := map[string][]string{}
	for _, update := range config.Updates {
		watched[update.Ecosystem] = append(watched[update.Ecosystem], append(update.Directories, update.Directory)...)
	}
	folders, err := modules(root)
	if err != nil {
		return err
	}
	wanted := map[string][]string{"gomod": folders, "npm": npmFolders, "pip": {"tools/pypi"}, "github-actions": {""}}
	var problems []error
	for ecosystem, folders := range wanted {
		for _, folder := range folders {
			if !slices.ContainsFunc(watched[ecosystem], func(pattern string) bool {
				matched, err := path.Match(pattern, "/"+folder)
				return err == nil && matched
			}) {
				problems = append(problems, fmt.Errorf("dependabot.yml: %s does not look at /%s", ecosystem, folder))
			}
		}
	}
	return errors.Join(problems...)
}
