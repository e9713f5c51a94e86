// Package mmap has the declarations that the tests use; see TestStubs.
package mmap

import "os"

type MMap []byte

func Map(f *os.File, prot, flags int) (MMap, error)

func (m *MMap) Unmap() error
