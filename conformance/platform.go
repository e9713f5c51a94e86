package conformance

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/mmapguard/go/conformance/report"
)

const libraryPath = "github.com/mmapguard/go/mmapguard"

func (s *suite) platform() report.Platform {
	fileSystem := fileSystemOf(cmp.Or(s.root, s.Dir))
	return report.Platform{
		Name: cmp.Or(s.Name, fmt.Sprintf("%s/%s, %s", runtime.GOOS, runtime.GOARCH, fileSystem)),
		OS:   runtime.GOOS, Arch: runtime.GOARCH, Kernel: kernel(),
		FileSystem: fileSystem, PageSize: os.Getpagesize(),
		Go: runtime.Version(), Library: libraryVersion(),
		ReadOnly: s.root == "", NoFaults: s.NoFaults,
	}
}

// libraryVersion is the library's version as the program was built with it.
func libraryVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, m := range info.Deps {
		if m.Path == libraryPath {
			return m.Version
		}
	}
	return "unknown"
}
