//go:build !unix

package peers

// kernelRelease is left empty where uname(2) does not exist.
func kernelRelease() string { return "" }
