package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// modules are the folders of all go.mod files below root, save what is no source.
func modules(root string) ([]string, error) {
	var all []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch base := entry.Name(); {
		case entry.IsDir() && name != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || base == "dist"):
			return fs.SkipDir
		case base == "go.mod":
			folder, err := filepath.Rel(root, filepath.Dir(name))
			all = append(all, filepath.ToSlash(folder))
			return err
		}
		return nil
	})
	return all, err
}

// locked checks that every version is pinned together with a digest: Go modules
// in go.sum, npm packages in package-lock.json, Python packages by --hash.
func locked(root string) error {
	folders, err := modules(root)
	if err != nil {
		return err
	}
	var problems []error
	for _, folder := range folders {
		file, err := parse(filepath.Join(root, folder, "go.mod"))
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if _, err := os.Stat(filepath.Join(root, folder, "go.sum")); err != nil && len(file.Require) > 0 {
			problems = append(problems, fmt.Errorf("%s has requirements, and no go.sum: %w", folder, err))
		}
	}
	for _, folder := range npmFolders {
		problems = append(problems, npm(root, folder))
	}
	return errors.Join(append(problems, pypi(root))...)
}

var exact = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)

// npmFolders are those with a package.json: the tasks' tools, and the book's.
var npmFolders = []string{"tools/npm", "tools/book"}

func npm(root, folder string) error {
	var manifest struct {
		DevDependencies map[string]string `json:"devDependencies"`
	}
	var lock struct {
		Packages map[string]struct {
			Version, Integrity string
		} `json:"packages"`
	}
	for name, into := range map[string]any{"package.json": &manifest, "package-lock.json": &lock} {
		data, err := os.ReadFile(filepath.Join(root, folder, name)) // #nosec G304 -- a file of the repository
		if err != nil {
			return err
		}
		if err := json.Unmarshal(data, into); err != nil {
			return fmt.Errorf("%s/%s: %w", folder, name, err)
		}
	}
	var problems []error
	for name, version := range manifest.DevDependencies {
		if !exact.MatchString(version) || lock.Packages["node_modules/"+name].Version != version {
			problems = append(problems, fmt.Errorf("%s: %s %s is not locked at an exact version", folder, name, version))
		}
	}
	for name, entry := range lock.Packages {
		if name != "" && entry.Integrity == "" {
			problems = append(problems, fmt.Errorf("%s: %s has no digest", folder, name))
		}
	}
	return errors.Join(problems...)
}

func pypi(root string) error {
	data, err := os.ReadFile(filepath.Join(root, "tools", "pypi", "requirements.txt")) // #nosec G304 -- a file of the repository
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(string(data), "\\\n", " ")
	var problems []error
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !strings.Contains(line, "==") || !strings.Contains(line, "--hash=sha256:") {
			problems = append(problems, fmt.Errorf("tools/pypi/requirements.txt: %q has no exact version with a digest", line))
		}
	}
	return errors.Join(problems...)
}
