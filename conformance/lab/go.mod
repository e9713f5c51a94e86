module github.com/mmapguard/go/conformance/lab

go 1.25.0

require golang.org/x/sys v0.47.0

require github.com/hanwen/go-fuse/v2 v2.12.1

require github.com/cavaliergopher/cpio v1.0.1

require github.com/mmapguard/go/mmapguard v0.0.0

require github.com/gofrs/flock v0.13.1 // indirect

replace github.com/mmapguard/go/mmapguard => ../../mmapguard
