//go:build !linux

package demo

// residentApartFrom is not known on systems that do not list what each mapping
// holds.
func residentApartFrom(string) *int64 { return nil }
