package repo

import (
	"context"
	"fmt"
	"go/types"
	"os"
	"slices"
	"strings"

	gopackages "golang.org/x/tools/go/packages"
)

// Library is the pattern of the library's packages.
const Library = "./mmapguard/..."

// Systems are those whose ways to the system are registered: Linux, Windows,
// and two of those that share the rest.
var Systems = []string{"linux", "darwin", "freebsd", "windows"}

// kernelPackages are those whose functions are ways to the system.
var kernelPackages = []string{
	"golang.org/x/sys/unix", "golang.org/x/sys/windows", "syscall",
	"os", "os/signal", "github.com/gofrs/flock",
}

const loadMode = gopackages.NeedName | gopackages.NeedTypes | gopackages.NeedTypesInfo | gopackages.NeedSyntax |
	gopackages.NeedImports | gopackages.NeedFiles | gopackages.NeedCompiledGoFiles | gopackages.NeedExportFile

// Calls are the functions through which the library itself reaches the system,
// as "package.Function" or "package.Type.Method". What those call in turn is
// theirs; what the kernel gets to see is for a trace to tell.
func Calls(ctx context.Context, t *Tree, goos string) ([]string, error) {
	overlay := map[string][]byte{}
	for name, text := range t.Replaced() {
		overlay[t.Path(name)] = text
	}
	loaded, err := gopackages.Load(&gopackages.Config{
		Context: ctx, Dir: t.Root, Overlay: overlay, Mode: loadMode,
		Env: append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=0"),
	}, Library)
	if err != nil {
		return nil, err
	}
	var calls []string
	for _, pkg := range loaded {
		if len(pkg.Errors) > 0 {
			return nil, fmt.Errorf("%s for %s: %w", pkg.PkgPath, goos, pkg.Errors[0])
		}
		for _, used := range pkg.TypesInfo.Uses {
			if name := kernelCall(used); name != "" && !slices.Contains(calls, name) {
				calls = append(calls, name)
			}
		}
	}
	slices.Sort(calls)
	return calls, nil
}

// kernelCall names a function that may be a way to the system, or nothing.
func kernelCall(o types.Object) string {
	f, ok := o.(*types.Func)
	if !ok || f.Pkg() == nil || !slices.Contains(kernelPackages, f.Pkg().Path()) {
		return ""
	}
	name := strings.NewReplacer("(", "", ")", "", "*", "").Replace(f.FullName())
	if slices.Contains(pure, name) {
		return ""
	}
	return name
}

// pure functions compute, and ask the system nothing.
var pure = []string{
	"os.File.Name", "os.Root.Name", "os.SameFile", "os.Getpagesize", "os.NewFile",
	"syscall.Errno.Error", "syscall.Errno.Is", "syscall.Timespec.Nano", "syscall.Timespec.Unix",
	"github.com/gofrs/flock.New", "github.com/gofrs/flock.SetFlag", "github.com/gofrs/flock.SetPermissions",
	"golang.org/x/sys/unix.Timespec.Nano",
}
