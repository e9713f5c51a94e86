//go:build !windows

package mmapguard

import "runtime"

func openDenyWrite(*opening) (*FileData, error) {
	return nil, unsupported("it is a share mode of Windows, this is %s", runtime.GOOS)
}
