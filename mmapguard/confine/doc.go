// Package confine restricts a process to what reading files takes, for the time
// when it touches input that it does not trust.
//
//	report, err := confine.Dir("/srv/data")
//	if err != nil {
//		return err // this kernel cannot, and says what it lacks
//	}
//	log.Print(report)
//	d, err := mmapguard.MapFile("/srv/data/index.bin")
//
// From then on, in every thread of the process and until its end:
//
//   - files can be opened only below the directory, and only for reading
//     (Landlock; the kernel checks the file itself, wherever a link leads);
//   - nothing can be opened for writing, made, renamed or removed; what was open
//     before, as standard output is, goes on to work (seccomp);
//   - sockets of any kind, and most of the kernel's calls, are refused with EPERM
//     (seccomp): a program sees fs.ErrPermission;
//   - starting a program or a process, tracing one, and making memory executable
//     end the process at once with SIGSYS (seccomp): nothing that reads files
//     does so by mistake.
//
// The layers complement each other. Landlock knows files and not calls, seccomp
// knows calls and not files. Dir fails closed: if the kernel lacks one of them
// the error is errors.ErrUnsupported, names the layer, and nothing has been
// restricted. With [BestEffort] the other layer is put up, and the [Report] says
// what is missing.
//
// A program that has to write, or to start others, is not for Dir: [Changes]
// restricts less.
//
// # What the filter allows
//
// profile.json lists the calls, with the values of flags, that the library and
// the Go runtime need; see [Profile]. It has the form that container runtimes
// read. It follows from traces of the library (conformance/profile) and from a
// list of what programs need besides, or must not have, with the reasons
// (confine.yaml there); just profile-confine writes it.
//
// # What of mmapguard works
//
// Cooperative, Enforced and Immutable work as before. For Isolated no clone can
// be made, because it needs an unnamed file in the directory: the next mechanism
// is taken, a copy. [Clones] allows that file. Names in /proc that the library reads are allowed: the
// process's own /proc/self/fdinfo, and fs.lease-break-time.
//
// # Limits
//
// There is no way back, and no second Dir: confine a process once, after it has
// read its configuration and opened its output.
//
// Descriptors that are open keep their rights. A socket that was connected can
// be read and written, and a file that was open for writing can be written.
//
// What the program loads later is refused as well: certificates, time zones (the
// local one is loaded before), name resolution, plug-ins and, with cgo, shared
// libraries. So are profilers, which set timers.
//
// Landlock does not hide names, sizes and times: stat works everywhere. It
// cannot be put over paths that do not exist: those given are skipped, and stay
// forbidden when they appear, unless their directory is given too.
//
// Signals can be sent to the process itself alone. Memory and processor time are
// not bounded; nor is what is read from a directory that others can write to.
//
// With cgo, threads that a C library started in ways of its own may stay
// without Landlock on kernels before ABI 8; the filter covers all threads.
//
// Only Linux has these layers: elsewhere Dir is errors.ErrUnsupported. The filter
// is for amd64 and arm64; other processors have Landlock alone.
package confine
