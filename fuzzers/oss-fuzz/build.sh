#!/bin/bash -eu
# Builds the targets of the module fuzzers for libFuzzer. OSS-Fuzz and
# ClusterFuzzLite run it in their container, in the root of the repository.
#
# The helper of theirs, compile_native_go_fuzzer, takes one target in one file,
# which it renames so that it is no test any more: what a target calls is in
# packages that are no tests, and TestMain is not there. The targets see that and
# do without a process of their own for "the other process".

# The workspace would bring in the other modules, and so would the imports of
# this one's command; each target gets what it imports.
export GOWORK=off GOFLAGS=-mod=mod
cd fuzzers

# The rewritten tests import this package of the tool's.
go get github.com/AdamKorcz/go-118-fuzz-build/testing

# The main function of the tests, which the tool cannot build.
rm main_linux_test.go

for target in $(grep -ho '^func Fuzz[A-Za-z]*' ./*_test.go | cut -d' ' -f2 | sort); do
	compile_native_go_fuzzer github.com/mmapguard/go/fuzzers "$target" "$target"
	# The corpora of Go's own engine are texts; libFuzzer's are the raw bytes of
	# all arguments together, so only the targets' own seeds could be converted.
done
