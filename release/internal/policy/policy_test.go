package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const repository = "../../.."

func TestTheRepositoryKeepsItsPolicy(t *testing.T) {
	if err := Check(repository); err != nil {
		t.Error(err)
	}
}

// Each planted breach must be found. The files are copies of the repository's.
func TestABreachIsFound(t *testing.T) {
	for name, c := range map[string]struct{ file, old, fresh, want string }{
		"a banned module":             {"tools/go.mod", "require (\n", "require (\n\tgithub.com/pkg/errors v0.9.1\n", "is banned"},
		"a module from anywhere":      {"tools/go.mod", "require (\n", "require (\n\texample.com/m v1.0.0\n", "none of the sources"},
		"a dependency of the library": {"mmapguard/go.mod", "require (\n", "require (\n\tgithub.com/spf13/cobra v1.10.1\n", "may not require"},
		"a replacement":               {"tools/go.mod", "require (\n", "replace golang.org/x/sys => ../sys\n\nrequire (\n", "use go.work"},
		"an action by its tag":        {".github/workflows/ci.yml", "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "actions/checkout@v6", "not pinned"},
		"an action without its name":  {".github/workflows/ci.yml", "dd # v6.0.2", "dd", "not pinned"},
		"another licence":             {"release/policy.yaml", "  - MIT\n", "  - MIT\n  - GPL-3.0-only\n", "allow-licenses"},
		"a range of versions":         {"tools/npm/package.json", `"lefthook": "`, `"lefthook": "^`, "exact version"},
		"a range of the book's":       {"tools/book/package.json", `"axe-core": "`, `"axe-core": "^`, "exact version"},
		"a package without digest":    {"tools/npm/package-lock.json", `"integrity"`, `"was"`, "no digest"},
		"a range of Python packages":  {"tools/pypi/requirements.txt", "zizmor==", "zizmor>=", "with a digest"},
		"a folder nobody looks at":    {".github/dependabot.yml", "      - /mmapguard\n", "", "does not look at /mmapguard"},
		"requirements without go.sum": {"mmapguard/go.sum", "", "", "no go.sum"},
		"a forgotten ecosystem":       {".github/dependabot.yml", "package-ecosystem: npm", "package-ecosystem: docker", "npm does not look"},
		"the generator by its commit": {".github/workflows/release.yml", "generator_generic_slsa3.yml@v2.1.0", "generator_generic_slsa3.yml@main", "not pinned"},
	} {
		t.Run(name, func(t *testing.T) {
			root := copied(t)
			file := filepath.Join(root, c.file)
			if c.old == "" {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			} else {
				replace(t, file, c.old, c.fresh)
			}
			err := Check(root)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, and not %q", err, c.want)
			}
		})
	}
}

func replace(t *testing.T, file, old, fresh string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s has no %q any more", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(data), old, fresh, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// copied is a folder with the files of the repository that a policy is about.
func copied(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	folders, err := modules(repository)
	if err != nil {
		t.Fatal(err)
	}
	files := []string{".goreleaser.yaml", ".github/dependabot.yml", "release/modules.txt", "release/policy.yaml",
		"tools/npm/package.json", "tools/npm/package-lock.json", "tools/book/package.json", "tools/book/package-lock.json", "tools/pypi/requirements.txt"}
	for _, folder := range folders {
		files = append(files, folder+"/go.mod", folder+"/go.sum")
	}
	workflows, err := filepath.Glob(filepath.Join(repository, ".github", "workflows", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, workflow := range workflows {
		files = append(files, ".github/workflows/"+filepath.Base(workflow))
	}
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(repository, name))
		if os.IsNotExist(err) {
			continue // a module without requirements has no go.sum
		}
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}
