//go:build linux

package vm

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// initPackage is the program that the kernel starts first.
const initPackage = "github.com/mmapguard/go/conformance/lab/cmd/init"

// buildInit compiles /init for the arch. Go's build cache makes this quick.
func buildInit(ctx context.Context, a arch, output string) error {
	var said bytes.Buffer
	// #nosec G204 -- only the output's name varies
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", output, initPackage)
	cmd.Dir = sourceDir()
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+a.goarch, "CGO_ENABLED=0")
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build /init: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return nil
}

// sourceDir is where this module's source lies, as recorded by the compiler. A
// binary built with -trimpath does not know; then the build must find the module
// from the working directory.
func sourceDir() string {
	_, file, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(file) {
		return ""
	}
	return filepath.Dir(file)
}
