module github.com/mmapguard/go/conformance/lab

go 1.25.0

require (
	github.com/cavaliergopher/cpio v1.0.1
	github.com/hanwen/go-fuse/v2 v2.11.0 // v2.12.1 does not build for 32-bit Linux
	github.com/mmapguard/go/mmapguard v0.0.0
	golang.org/x/sys v0.47.0
)

require github.com/gofrs/flock v0.13.1 // indirect

replace github.com/mmapguard/go/mmapguard => ../../mmapguard
