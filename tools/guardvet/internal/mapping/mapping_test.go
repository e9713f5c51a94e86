package mapping

import (
	"go/types"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// Every name in the table is one that its package declares, as far as packages
// are at hand: those of the library and of the system always are.
func TestTableNamesWhatExists(t *testing.T) {
	checked := map[string]bool{}
	for _, s := range sources {
		for _, list := range [][]string{s.Open, s.Close, s.Bytes, s.Share} {
			for _, name := range list {
				if exists(t, name) {
					checked[name] = true
				}
			}
		}
	}
	for name := range lend {
		if !exists(t, name) {
			t.Errorf("%s was not checked", name)
		}
	}
	for _, name := range []string{"(*" + Library + ".FileData).Close", "golang.org/x/sys/unix.Mmap", "syscall.Munmap"} {
		if !checked[name] {
			t.Errorf("%s was not checked", name)
		}
	}
}

var loaded = map[string]*types.Package{}

func exists(t *testing.T, full string) bool {
	t.Helper()
	trimmed := strings.TrimPrefix(full, "(*")
	slash := strings.LastIndex(trimmed, "/") + 1
	dot := slash + strings.Index(trimmed[slash:], ".")
	path, rest := trimmed[:dot], trimmed[dot+1:]
	pkg := load(t, path)
	if pkg == nil {
		return false
	}
	name, method, _ := strings.Cut(strings.Replace(rest, ")", "", 1), ".")
	obj := pkg.Scope().Lookup(name)
	if obj != nil && method != "" {
		obj, _, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, method)
	}
	fn, ok := obj.(*types.Func)
	if !ok || fn.FullName() != full {
		t.Errorf("%s is in the table, and not in %s", full, path)
	}
	return true
}

// load returns nil for a package that is not among the modules at hand.
func load(t *testing.T, path string) *types.Package {
	t.Helper()
	if pkg, done := loaded[path]; done {
		return pkg
	}
	env := append(os.Environ(), "GOPROXY=off")
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadTypes, Env: env}, path)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs[0].Errors) > 0 {
		t.Logf("%s is not at hand: %v", path, pkgs[0].Errors[0])
		loaded[path] = nil
		return nil
	}
	loaded[path] = pkgs[0].Types
	return pkgs[0].Types
}
