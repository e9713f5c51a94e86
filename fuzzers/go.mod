module github.com/mmapguard/go/fuzzers

go 1.25.0

require (
	github.com/mmapguard/go/conformance v0.0.0
	github.com/mmapguard/go/mmapguard v0.0.0
	golang.org/x/sys v0.47.0
)

require github.com/gofrs/flock v0.13.1 // indirect

replace (
	github.com/mmapguard/go/conformance => ../conformance
	github.com/mmapguard/go/mmapguard => ../mmapguard
)
