//go:build linux || openbsd || dragonfly || solaris || illumos

package mmapguard

import (
	"io/fs"
	"syscall"
)

func ctimeOf(info fs.FileInfo) int64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ctim.Nano()
	}
	return 0
}
