//go:build !linux

package mmapguard

import "os"

// awaitWriter reads a byte, which waits for a running write where reads and
// writes of one file exclude each other.
func awaitWriter(f *os.File, _ bool) { _, _ = f.ReadAt(make([]byte, 1), 0) }
