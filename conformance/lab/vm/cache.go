//go:build linux

package vm

import (
	"os"
	"path/filepath"
)

// cacheDir is where kernels are kept: $MMAPGUARD_LAB_CACHE, or mmapguard-lab in
// the user's cache directory.
func cacheDir() (string, error) {
	if dir := os.Getenv("MMAPGUARD_LAB_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	return filepath.Join(dir, "mmapguard-lab"), err
}

// kernelDir holds the arch's kernel ("kernel"), its modules ("modules/*.ko") and
// the name of the package they came from ("package").
func (a arch) kernelDir() (string, error) {
	dir, err := cacheDir()
	return filepath.Join(dir, "kernels", a.debian), err
}
