module github.com/mmapguard/go/conformance/peers

go 1.25.0

require (
	github.com/blevesearch/mmap-go v1.2.0
	github.com/edsrzf/mmap-go v1.2.0
	github.com/gofrs/flock v0.13.1
	github.com/hanwen/go-fuse/v2 v2.12.1
	github.com/mmapguard/go/mmapguard v0.0.0
	github.com/prometheus/prometheus v0.310.0
	golang.org/x/exp v0.0.0-20260410095643-746e56fc9e2f
	golang.org/x/sys v0.47.0
)

replace github.com/mmapguard/go/mmapguard => ../../mmapguard
