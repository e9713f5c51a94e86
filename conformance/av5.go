package conformance

import (
	"runtime/debug"
	"slices"

	"github.com/mmapguard/go/mmapguard"
)

// AV-5: a compromised dependency brings unsafe code.
var av5 = []Case{
	{
		ID:      "AV-5/only-declared-modules",
		Promise: "The library brings no module with it but golang.org/x/sys and github.com/gofrs/flock.",
		Run:     judge(onlyDeclaredModules),
	},
	{
		ID:      "AV-5/opening-does-nothing-else",
		Promise: "Opening, reading and closing a file starts no program, opens no socket, and removes and writes no file.",
		Applies: Applies{Mechanisms: each, Platforms: onLinux, Needs: Files | Strikes},
		Run:     judge(openingDoesNothingElse),
	},
}

// declared are the modules that this program may consist of: the suite brings
// none that the library does not, but for those by which the stand-alone program
// confines itself. That the library has none of those either is for assure check.
var declared = []string{
	libraryPath, "golang.org/x/sys", "github.com/gofrs/flock", "github.com/mmapguard/go/conformance",
	"github.com/landlock-lsm/go-landlock", "kernel.org/pub/linux/libs/security/libcap/psx",
}

func onlyDeclaredModules(e *Env) {
	info, ok := debug.ReadBuildInfo()
	if !ok || len(info.Deps) == 0 {
		e.notOffered("the program does not know what it was built of")
	}
	for _, m := range info.Deps {
		e.check(slices.Contains(declared, m.Path), "module %s is part of the program", m.Path)
	}
}

// forbidden are calls that a library for reading files has no use for.
var forbidden = []string{"execve", "socket", "connect", "unlinkat", "setsid", "init_module", "ptrace", "fchmod"}

func openingDoesNothingElse(e *Env) {
	path := e.file("f", before(some()))
	for _, c := range e.observe(openOrder{Path: path}) {
		e.check(!slices.Contains(forbidden, c.Name), "the process called %s", c.Name)
		// The outcome goes to standard output, wake-ups to no file at all.
		copies := e.Mechanism == mmapguard.MechanismSealedMemfd
		e.check(c.Name != "ftruncate" || copies, "the process called %s", c.Name)
	}
}
