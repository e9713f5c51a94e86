// Package bench compares mmapguard with its peers: golang.org/x/exp/mmap,
// edsrzf/mmap-go, os.File.ReadAt, os.ReadFile and plain system calls.
//
// The peers guard nothing, so the ratios are the price of the guarantees. Run
//
//	go run ./conformance/bench/cmd/ratios
//
// for the ratios and the goals they are held against, or the benchmarks alone
// with go test -bench. It is a module of its own, because the library's go.mod
// must not name its peers.
package bench
