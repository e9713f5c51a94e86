// Package source tells which lines of a program made a system call: it walks a
// thread's stack along the frame pointers, which Go keeps on amd64 and arm64,
// and finds each address in the line table that Go puts into every program, or
// in DWARF. A C program shows as many frames as were compiled with
// -fno-omit-frame-pointer.
//
// A function that was inlined has no frame: its line is shown under the name of
// the function it was inlined into.
package source

import (
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// system are packages outside the standard library that only pass calls on.
const system = "golang.org/x/sys/"

// Own finds the innermost frame that is neither the standard library's nor that
// of a package which only passes calls on, golang.org/x/sys or one of through:
// the program's own. Calls that the runtime makes for itself are nobody else's,
// whoever made it do so.
func Own(frames []event.Frame, standard func(pkg string) bool, through []string) (event.Frame, bool) {
	for _, f := range frames {
		pkg := Package(f.Func)
		switch {
		case pkg == "runtime":
			return event.Frame{}, false
		case !strings.HasPrefix(pkg, system) && !slices.Contains(through, pkg) && !standard(pkg):
			return f, true
		}
	}
	return event.Frame{}, false
}

// Package is the import path in a function's full name, such as
// "os.(*File).Stat" or "github.com/a/b.F[...]"; that of main is "main".
func Package(function string) string {
	if bracket := strings.IndexByte(function, '['); bracket >= 0 {
		function = function[:bracket]
	}
	slash := strings.LastIndexByte(function, '/') + 1
	dot := strings.IndexByte(function[slash:], '.')
	if dot < 0 {
		return ""
	}
	// The linker escapes dots in the last part of a path.
	return strings.ReplaceAll(function[:slash+dot], "%2e", ".")
}
