package sysinfo

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// kernel is the version that winver shows; the call is the one that tells the
// truth to programs without a manifest.
func kernel() string {
	v := windows.RtlGetVersion()
	return fmt.Sprintf("%d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
}
