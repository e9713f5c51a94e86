module github.com/mmapguard/go/conformance

go 1.25.0

require (
	github.com/gofrs/flock v0.13.1
	github.com/landlock-lsm/go-landlock v0.10.0
	github.com/mmapguard/go/mmapguard v0.0.0
	golang.org/x/sys v0.47.0
	kernel.org/pub/linux/libs/security/libcap/psx v1.2.77 // indirect
)
