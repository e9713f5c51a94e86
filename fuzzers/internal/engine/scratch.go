package engine

import (
	"os"
)

// TmpVar, in the environment, names the folder for temporary files. A file
// system in memory is many times as fast.
const TmpVar = "MMAPGUARD_FUZZ_TMP"

// Scratch makes a folder for temporary files; the caller removes it.
func Scratch() (string, error) {
	parent := os.Getenv(TmpVar)
	if info, err := os.Stat("/dev/shm"); parent == "" && err == nil && info.IsDir() {
		parent = "/dev/shm"
	}
	return os.MkdirTemp(parent, "mmapguard-fuzz-")
}
