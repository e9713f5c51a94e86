package peers

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// program is an executable, or the reason why there is none.
type program struct {
	path string
	err  error
}

// Command is the import path of the program whose children meet the hazards.
const Command = "github.com/mmapguard/go/conformance/peers/cmd/hazards"

// build32 builds the child with 32-bit integers, which takes the go command and
// this module's source.
func build32(ctx context.Context, dir string) program {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return program{err: skip("a 32-bit child runs beside a 64-bit one on linux/amd64 only")}
	}
	path := filepath.Join(dir, "hazards-386")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, Command) // #nosec G204 -- constants, and a name made above
	cmd.Env = append(os.Environ(), "GOARCH=386", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return program{err: skip("building for 386: " + err.Error() + ": " + strings.TrimSpace(string(out)))}
	}
	return program{path: path}
}
