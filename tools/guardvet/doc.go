// Package guardvet finds uses of mapped bytes that no library can make safe:
// package mmapguard documents them, and this package's analyzers report them.
//
//	go build -o /tmp/guardvet ./cmd/guardvet
//	go vet -vettool=/tmp/guardvet ./...
//	guardvet -fix ./...
//	guardvet help lentescape
//
// Each report has the name of its analyzer as its category, and each analyzer
// can be switched off by its name. Fixes are suggested where they keep what the
// program means.
//
// The analyzers follow values through one function, the closures in it, and the
// functions of the same package that it calls. They take a function of another
// package to keep nothing of what it is given, except for those of the standard
// library that are known to. So they report what the code does, and silence is
// no proof.
//
// useafterclose, neverclosed and lentsend also know mmapguard's peers
// (golang.org/x/exp/mmap, mmap-go and its fork, Prometheus' tsdb/fileutil,
// ristretto's z, and the system call itself), with which they are measured: see
// README.md for the counts.
package guardvet
