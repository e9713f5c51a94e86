// Package mmapguard maps files into memory for reading, and makes that safe.
//
//	d, err := mmapguard.MapFile("index.bin")
//	if err != nil {
//		return err
//	}
//	defer d.Close()
//	n, err := d.ReadAt(buf, 4096)
//
// A mapping is memory that others can take away: when another process truncates
// the file, the next access ends the program; after the unmap a slice shows
// whatever is there now. Here the first is an error, a *FaultError with file and
// offset, and the second is kept from happening. [FileData] tells the three ways
// to the bytes and what each of them protects from.
//
// # Which guarantee do I need?
//
// What else may happen to the bytes is a matter of choice. A program asks by
// [WithGuarantee] for the least that will do, gets the cheapest mechanism of the
// system that provides it, and learns which by [FileData.Guarantee] and
// [FileData.Mechanism]. If none does, the error lists what was tried and why it
// is not to be had.
//
//	I need                                           ask for      open and close, 1 MiB … 1 GiB
//	no crash; all who write the file respect locks   Cooperative  20 µs … 20 µs
//	the bytes as they were, whoever writes the file  Enforced     0.1 ms … 0.1 ms, 20 µs beside another such handle; and 0.5 s for each GiB once a writer comes
//	a version of my own, to keep                     Isolated     0.06 ms where the file system clones, else 0.7 ms … 0.5 s
//	proof, also against bugs of this program         Immutable    0.8 ms … 0.9 s; nothing if the file has fs-verity or is a sealed memfd
//
// The figures are medians on one machine (ext4, clones on xfs) and are measured
// by go run ./conformance/bench/cmd/ladder; the copies scale with the file.
//
// Cooperative is enough for files that only well-behaved programs write. A
// process that ignores locks can still change what is seen; [FileData.Changed]
// tells of it afterwards, and of a fault where the file has become too short.
// Checking bytes and using them later needs a stronger guarantee.
//
// Enforced costs nothing until somebody opens the file for writing: only then
// are the bytes moved to private memory, under the same address, while the
// writer waits. On Linux it takes a lease, which needs the file's owner or
// CAP_LEASE and one of ext4, xfs, btrfs and tmpfs; on Windows, a share mode that
// keeps writers out. If a writer is there already, the answer is [ErrLocked]. A
// rescue that fails for lack of memory or time makes the bytes inaccessible,
// [ErrRevoked], and shows nobody what the writer does. There is one gap: a
// process that is stopped for longer than the kernel waits for it
// (fs.lease-break-time, 45 s) may see the writer's bytes between its waking up
// and its noticing.
//
// Isolated takes a version of the file: a clone, where the file system makes
// them; a copy made while a lease keeps writers out; or a copy that is read
// twice and compared, with no write running. The last, which serves only where
// the others cannot, does not notice every change through a writable map or by
// direct writes (O_DIRECT); [WithMechanisms] can exclude it. If the file keeps changing, the
// answer is [ErrChanged]. Root can reach the clone of another process through
// /proc; nobody else can.
//
// Immutable bytes cannot be changed by anybody, root and this process included:
// the kernel refuses.
//
// Where a stronger mechanism serves a weaker request, as a copy does for Enforced
// on a file system without leases, [WithMaxCopy] bounds what it may cost.
//
// # Errors
//
// All errors are *fs.PathError values that name the file, or *FaultError, and
// answer errors.Is for the sentinels of this package, for those of io/fs that
// mean the same, and for the system's own error numbers.
//
// # Systems
//
// Linux, macOS, Windows, FreeBSD, OpenBSD, NetBSD, DragonFly BSD, illumos and
// Solaris map files. Elsewhere mapping answers [ErrUnsupported]; a guarantee from
// Isolated up to that can be had by a copy on the heap is given, and LoadReader
// works. 32-bit systems map what fits their address space.
package mmapguard
