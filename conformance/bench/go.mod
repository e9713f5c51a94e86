module github.com/mmapguard/go/conformance/bench

go 1.25.0

require (
	github.com/edsrzf/mmap-go v1.2.0
	github.com/mmapguard/go/mmapguard v0.0.0
	golang.org/x/exp v0.0.0-20260611194520-c48552f49976
	golang.org/x/perf v0.0.0-20260112171951-5abaabe9f1bd
	golang.org/x/sys v0.47.0
)

require (
	github.com/aclements/go-moremath v0.0.0-20210112150236-f10218a38794 // indirect
	github.com/gofrs/flock v0.13.1 // indirect
)

replace github.com/mmapguard/go/mmapguard => ../../mmapguard
