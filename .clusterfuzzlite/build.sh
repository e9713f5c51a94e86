#!/bin/bash -eu
# ClusterFuzzLite looks for a file of this name; there is one recipe for both.
exec ./fuzzers/oss-fuzz/build.sh
