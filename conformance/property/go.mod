module github.com/mmapguard/go/conformance/property

go 1.25.0

require (
	github.com/mmapguard/go/mmapguard v0.0.0
	golang.org/x/sys v0.47.0
	pgregory.net/rapid v1.3.0
)

require github.com/gofrs/flock v0.13.1 // indirect

replace github.com/mmapguard/go/mmapguard => ../../mmapguard
