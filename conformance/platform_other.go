//go:build !linux && !darwin && !freebsd && !windows

package conformance

import (
	"errors"
	"io/fs"
)

func fileSystemOf(string) string { return "unknown" }

func readOnly(err error) bool { return errors.Is(err, fs.ErrPermission) }
