//go:build !darwin

package mmapguard

import "runtime"

func openClonefile(*opening) (*FileData, error) {
	return nil, unsupported("it is a mechanism of macOS, this is %s", runtime.GOOS)
}
