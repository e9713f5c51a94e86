// Package hosttool runs programs of the host's packages.
package hosttool

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path"
	"strings"
)

// Find looks beyond PATH: the system directories, where Debian keeps mkfs, are
// in root's PATH only after a login.
func Find(tool string) (string, error) {
	name, err := exec.LookPath(tool)
	for _, dir := range []string{"/usr/sbin", "/sbin"} {
		if err != nil {
			name, err = exec.LookPath(path.Join(dir, tool))
		}
	}
	return name, err
}

// Missing says which package brings a tool that is not there; "" if it is.
func Missing(tool, pkg string) string {
	if _, err := Find(tool); err != nil {
		return fmt.Sprintf("%s missing: package %s", tool, pkg)
	}
	return ""
}

// Run runs a tool silently and shows what it said when it fails.
func Run(tool string, args ...string) error {
	file, err := Find(tool)
	if err != nil {
		return err
	}
	var said bytes.Buffer
	// #nosec G204 -- tools come from this module's tables
	cmd := exec.CommandContext(context.Background(), file, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", tool, err, strings.TrimSpace(said.String()))
	}
	return nil
}
