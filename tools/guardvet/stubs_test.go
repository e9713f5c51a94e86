package guardvet_test

import (
	"go/types"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/packages"
)

// The packages in testdata/src stand for the real ones, so that the tests need
// no network. What they declare must be what the real ones declare, or the tests
// would prove something about packages that do not exist.
func TestStubs(t *testing.T) {
	for path, needed := range map[string]bool{
		"github.com/mmapguard/go/mmapguard": true,
		"github.com/edsrzf/mmap-go":         true,
		"golang.org/x/sys/unix":             true,
		"golang.org/x/exp/mmap":             false, // of other modules of the workspace
		"golang.org/x/sync/errgroup":        false,
	} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			testdata, err := filepath.Abs("testdata")
			if err != nil {
				t.Fatal(err)
			}
			// From the sources: stubs have no code that could be compiled.
			stub, err := load(path, packages.LoadAllSyntax, append(os.Environ(), "GO111MODULE=off", "GOPATH="+testdata, "GOFLAGS="))
			if err != nil {
				t.Fatal(err)
			}
			original, err := load(path, packages.LoadTypes, append(os.Environ(), "GOPROXY=off"))
			if err != nil && !needed {
				t.Skip("the real package is not at hand:", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			compare(t, stub, original)
		})
	}
}

func load(path string, mode packages.LoadMode, env []string) (*types.Package, error) {
	loaded, err := packages.Load(&packages.Config{Mode: mode, Env: env}, path)
	if err != nil {
		return nil, err
	}
	for _, e := range loaded[0].Errors {
		return nil, e
	}
	return loaded[0].Types, nil
}

// compare wants every exported declaration of the stub to be that of the
// original.
func compare(t *testing.T, stub, original *types.Package) {
	t.Helper()
	seen := 0
	for _, name := range stub.Scope().Names() {
		obj := stub.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		seen++
		want := original.Scope().Lookup(name)
		if want == nil {
			t.Errorf("%s: there is no %s", stub.Path(), name)
			continue
		}
		if _, isType := obj.(*types.TypeName); isType {
			compareMethods(t, obj, want)
			continue
		}
		same(t, obj, want)
	}
	if seen == 0 {
		t.Errorf("the stub of %s declares nothing", stub.Path())
	}
}

func compareMethods(t *testing.T, stub, original types.Object) {
	t.Helper()
	methods := types.NewMethodSet(types.NewPointer(original.Type()))
	for method := range types.NewMethodSet(types.NewPointer(stub.Type())).Methods() {
		want := methods.Lookup(original.Pkg(), method.Obj().Name())
		if want == nil {
			t.Errorf("%s has no method %s", original, method.Obj().Name())
			continue
		}
		same(t, method.Obj(), want.Obj())
	}
}

func same(t *testing.T, stub, original types.Object) {
	t.Helper()
	if got, want := types.ObjectString(stub, nil), types.ObjectString(original, nil); got != want {
		t.Errorf("the stub is\n  %s\nthe package has\n  %s", got, want)
	}
}
