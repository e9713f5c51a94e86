package mmapguard_test

import (
	"reflect"

	"golang.org/x/sys/windows"
)

var memoryInfoSize = reflect.TypeFor[windows.MemoryBasicInformation]().Size()

func addressOf(b []byte) uintptr { return reflect.ValueOf(b).Pointer() }
