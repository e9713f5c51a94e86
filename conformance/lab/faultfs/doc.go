// Package faultfs is a FUSE file system that passes a directory through and
// misbehaves on request, as network and user-space file systems do in the
// wild: pages that cannot be read, sizes that lie, servers that hang or die,
// locks that are refused.
//
// # Faults
//
// A [Spec] is one or more rules joined by semicolons. A rule is FAULTS, for
// every file, or PATTERN@FAULTS, for the files whose base name matches the
// shell pattern. FAULTS are joined by commas:
//
//	eio[=PAGE]            reads of that page (all pages) fail with EIO
//	short=BYTES           a read delivers at most so much
//	size=+N | size=-N     the size is reported N bytes too large or too small
//	hang=[PAGE:]DURATION  reads (of that page) are answered so much later
//	die[=PAGE]            the server ends at a read (of that page)
//	nolock[=enolck|enosys] flock and fcntl locks are refused
//	nolease               the kernel refuses leases: a stranger owns the file
//	nodirect              opening with O_DIRECT is EINVAL
//	nommap                shared maps are refused with ENODEV
//
// A file can carry its own faults: everything after the last "@" of its name
// is read as FAULTS too, so that a test makes what it needs by naming it
// ("data@eio=3") and one mount serves a whole suite.
//
// Pages are counted from 0 in units of the host's page size. The kernel asks
// for many pages at once to read ahead; such a request fails as a whole when it
// touches a bad page, and the kernel then asks again for the single page it
// needs, so only the bad page itself is ever missed.
//
// # A process must not serve what it maps
//
// A page fault stops its thread without the Go scheduler's knowledge, and a
// garbage collection waits for that thread. If the server that must answer the
// fault lives in the same process, the two wait for each other. So [Mount] is
// for callers that only use system calls; who maps files calls [Start], which
// serves from a child process, and [Init] first thing in main.
package faultfs
