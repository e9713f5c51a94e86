package mmapguard_test

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

const memoryInfoSize = unsafe.Sizeof(windows.MemoryBasicInformation{})

func addressOf(b []byte) uintptr { return uintptr(unsafe.Pointer(&b[0])) }
