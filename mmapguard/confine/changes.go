package confine

// Changes lets the process, and every process that it starts, change files below
// the directories, and the files, of these paths alone. It is for programs that
// do more than read, and so for less than Dir: everything can be read, programs
// can be started, and no call is filtered. Only Landlock is put up, and the
// Report says so.
//
// Files are also made, renamed and removed below the directories only, and
// nothing can be mounted (landlock(7)). What changes no contents is not
// prevented: modes, owners, times, and what is sent to a socket, or to a device
// that is open. Whoever starts programs can write to /dev/null. Landlock 1 lets
// no file change its directory; before Landlock 3 (Linux 6.2) files elsewhere can
// be truncated; from Landlock 5 on devices that are opened later take no ioctl.
//
// Paths that do not exist are skipped: a right is given to a file, not to a name.
//
// Errors: errors.ErrUnsupported if the kernel lacks Landlock, unless BestEffort is
// among the options, and the system's own. Clones adds nothing here.
func Changes(paths []string, opts ...Option) (*Report, error) { return changes(paths, opts) }

// ofChanges tells why there is no filter.
const ofChanges = "what changes files makes calls of its own, and so do the programs that it starts"
