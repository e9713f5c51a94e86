package verify

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// cacheForm changes with whatever makes older results incomparable.
const cacheForm = "1"

// cache keeps outcomes by everything that they depend on: the sources of the
// modules that were built, the mutant, the evidence, the compiler, the machine
// and its kernel.
type cache struct {
	dir     string
	inputs  *inputs
	machine string
}

func newCache(dir string, t *repo.Tree, m Machine, exec string) cache {
	return cache{dir, &inputs{tree: t, sums: map[string]string{}}, fmt.Sprint(m, exec, kernel())}
}

// kernel is the release that runs, where there is a file that says so: what
// outlives a working copy may outlive a kernel.
func kernel() string {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return ""
	}
	return string(release)
}

// key names an outcome; "" if it must not be kept. Checks read everything, and
// are quick.
func (l *lab) key(mutated *repo.Tree, e model.Evidence) string {
	folder := l.folder(e)
	if l.cache.dir == "" || folder == "" {
		return ""
	}
	sum, err := l.cache.inputs.sum(folder)
	if err != nil {
		return ""
	}
	h := sha256.New()
	h.Write(fmt.Appendln(nil, cacheForm, l.cache.machine, sum, e.Key(), e.Needs, e.On))
	if mutated != nil {
		replaced := mutated.Replaced()
		for _, name := range sortedKeys(replaced) {
			h.Write(fmt.Appendf(nil, "%s %x\n", name, sha256.Sum256(replaced[name])))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func sortedKeys(m map[string][]byte) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (c cache) get(key string) (o Outcome, ok bool) {
	if key == "" {
		return o, false
	}
	text, err := os.ReadFile(filepath.Join(c.dir, key+".json")) // #nosec G304 -- the key is a sum
	if err != nil || json.Unmarshal(text, &o) != nil {
		return Outcome{}, false
	}
	return o, true
}

// put keeps an outcome if it is good; bad ones are worth another look. A cache
// that cannot be written to costs time and nothing else.
func (c cache) put(key string, o Outcome, good bool) {
	if key == "" || !good {
		return
	}
	text, err := json.Marshal(o)
	if err == nil && os.MkdirAll(c.dir, 0o750) == nil {
		_ = os.WriteFile(filepath.Join(c.dir, key+".json"), text, 0o600)
	}
}

// inputs sums up what a package's test is built from: all files of its module,
// and the sources, without tests, of the modules of this repository that it
// requires.
type inputs struct {
	mu   sync.Mutex
	tree *repo.Tree
	sums map[string]string // by module folder, with or without tests
}

func (in *inputs) sum(folder string) (string, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	h := sha256.New()
	modules, err := in.closure(folder)
	if err != nil {
		return "", err
	}
	for i, module := range modules {
		sum, err := in.module(module, i == 0)
		if err != nil {
			return "", err
		}
		h.Write(fmt.Appendln(nil, module, sum))
	}
	for _, name := range []string{"go.work", "go.work.sum"} {
		text, err := in.tree.ReadFile(name)
		if err != nil && name == "go.work" {
			return "", err
		}
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// closure is the folders of the modules that a folder's package is built from,
// its own first.
func (in *inputs) closure(folder string) (modules []string, err error) {
	root := folder
	for ; ; root = path.Dir(root) {
		if _, err := fs.Stat(in.tree, path.Join(root, "go.mod")); err == nil {
			break
		}
		if root == "." {
			return nil, fmt.Errorf("%s is in no module", folder)
		}
	}
	todo := []string{root}
	for len(todo) > 0 {
		module := todo[0]
		todo = todo[1:]
		if slices.Contains(modules, module) {
			continue
		}
		modules = append(modules, module)
		text, err := in.tree.ReadFile(path.Join(module, "go.mod"))
		if err != nil {
			return nil, err
		}
		mod, err := modfile.ParseLax("go.mod", text, nil)
		if err != nil {
			return nil, err
		}
		for _, r := range mod.Require {
			if own, ok := strings.CutPrefix(r.Mod.Path, repo.Own); ok {
				todo = append(todo, own)
			}
		}
	}
	slices.Sort(modules[1:])
	return modules, nil
}

// module sums up the files of a module, without those of modules inside it.
func (in *inputs) module(root string, tests bool) (string, error) {
	known := fmt.Sprint(root, tests)
	if sum, ok := in.sums[known]; ok {
		return sum, nil
	}
	h := sha256.New()
	err := fs.WalkDir(in.tree, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !tests && (strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/testdata/")) {
			return nil
		}
		if entry.IsDir() {
			_, inner := fs.Stat(in.tree, path.Join(name, "go.mod"))
			if name != root && inner == nil || entry.Name() == ".cache" {
				return fs.SkipDir
			}
			return nil
		}
		text, err := in.tree.ReadFile(name)
		h.Write(fmt.Appendf(nil, "%s %x\n", name, sha256.Sum256(text)))
		return err
	})
	in.sums[known] = hex.EncodeToString(h.Sum(nil))
	return in.sums[known], err
}
