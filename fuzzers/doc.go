// Package fuzzers holds the fuzz targets of mmapguard; README.md tells how to
// run them. What a target checks is in a package of its own below internal, so
// that another engine, which has its own main function, can call it as well.
package fuzzers
