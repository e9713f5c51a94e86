//go:build !linux

package conformance

import "os"

// What only Linux has; the cases that use it are for Linux alone.

func (e *Env) mappedBy(int, string) bool        { e.onlyLinux(); return false }
func (e *Env) addressSpace() int64              { e.onlyLinux(); return 0 }
func (e *Env) limitMemory(int64)                { e.onlyLinux() }
func (e *Env) memfd([]byte, int) *os.File       { e.onlyLinux(); return nil }
func (e *Env) mountLiar() string                { e.onlyLinux(); return "" }
func (e *Env) writableMap(*os.File, int) []byte { e.onlyLinux(); return nil }
func (e *Env) seal(*os.File)                    { e.onlyLinux() }
func (e *Env) exhaustMaps(int) func()           { e.onlyLinux(); return nil }
func (e *Env) onlyLinux()                       { e.notOffered("this is not Linux") }

// boundCopies has nothing to bound: only Linux has mechanisms that copy among
// those that a giant file is tried with.
func (e *Env) boundCopies(uint64) {}
