module github.com/mmapguard/go/conformance/bench

go 1.25.0

require (
	github.com/edsrzf/mmap-go v1.2.0
	github.com/mmapguard/go/mmapguard v0.0.0
	golang.org/x/exp v0.0.0-20260611194520-c48552f49976
	golang.org/x/sys v0.47.0
)

require github.com/gofrs/flock v0.13.1 // indirect

replace github.com/mmapguard/go/mmapguard => ../../mmapguard
