package repo

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"
)

// Tool is a pinned tool of the pipeline.
type Tool struct {
	Name, Version string
	Place
}

// Tools finds them where they are pinned: as tool directives of go.mod files, in
// mise.toml, as actions of workflows, and as packages that .ci/run installs.
func Tools(t *Tree) (found []Tool, err error) {
	for _, find := range []func(*Tree) ([]Tool, error){moduleTools, miseTools, actions, packages} {
		tools, err := find(t)
		if err != nil {
			return nil, err
		}
		found = append(found, tools...)
	}
	return found, nil
}

func moduleTools(t *Tree) (found []Tool, err error) {
	err = fs.WalkDir(t, "tools", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "go.mod" {
			return err
		}
		text, err := t.ReadFile(name)
		if err != nil {
			return err
		}
		mod, err := modfile.Parse(name, text, nil)
		if err != nil {
			return err
		}
		for _, tool := range mod.Tool {
			found = append(found, Tool{tool.Path, requiredVersion(mod, tool.Path), Place{name, tool.Syntax.Start.Line}})
		}
		return nil
	})
	return found, err
}

// requiredVersion is that of the module that a package is in.
func requiredVersion(mod *modfile.File, pkg string) (version string) {
	longest := ""
	for _, r := range mod.Require {
		if (pkg == r.Mod.Path || strings.HasPrefix(pkg, r.Mod.Path+"/")) && len(r.Mod.Path) > len(longest) {
			longest, version = r.Mod.Path, r.Mod.Version
		}
	}
	return version
}

// A tool from one registry, as "cargo:mdbook", stands in quotes.
var miseLine = regexp.MustCompile(`(?m)^"?([a-z0-9:-]+)"? = "([^"]+)"$`)

func miseTools(t *Tree) ([]Tool, error) { return matches(t, "mise.toml", miseLine) }

var npmPackage = regexp.MustCompile(`npm install [^\n]*? ([a-z0-9-]+)@([0-9.]+)`)

func packages(t *Tree) ([]Tool, error) { return matches(t, ".ci/run", npmPackage) }

// matches makes tools of an expression's two groups.
func matches(t *Tree, file string, expression *regexp.Regexp) (found []Tool, err error) {
	text, err := t.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for _, m := range expression.FindAllSubmatchIndex(text, -1) {
		line := strings.Count(string(text[:m[2]]), "\n") + 1
		found = append(found, Tool{string(text[m[2]:m[3]]), string(text[m[4]:m[5]]), Place{file, line}})
	}
	return found, nil
}

// uses is an action with its commit, and the release that the commit is. Those
// of this repository begin with a dot, and have neither.
var uses = regexp.MustCompile(`^\s*(?:- )?uses: ([^.@\s][^@\s]*)@([0-9a-f]{40}|\S+)(?: # (\S+))?$`)

// actions lists each action once, as "release@commit". One that is not pinned
// by a commit, with its release beside it, has a version that no register has.
func actions(t *Tree) (found []Tool, err error) {
	files, err := fs.Glob(t, workflows+"/*.y*ml")
	seen := map[string]bool{}
	for _, file := range files {
		text, err := t.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for i, line := range strings.Split(string(text), "\n") {
			m := uses.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			if version := m[3] + "@" + m[2]; !seen[m[1]+version] {
				seen[m[1]+version] = true
				found = append(found, Tool{m[1], version, Place{path.Clean(file), i + 1}})
			}
		}
	}
	return found, err
}
