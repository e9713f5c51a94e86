//go:build !linux

package sysinfo

import "io/fs"

func locks(fs.FileInfo) ([]Lock, bool) { return nil, false }
