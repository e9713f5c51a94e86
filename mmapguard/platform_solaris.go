//go:build solaris && !illumos

package mmapguard

// Solaris has POSIX record locks alone: the close of any descriptor of a file
// drops all locks of the process on it (fcntl(2)), so the descriptor of the
// mapping stays open as long as the lock is to last. It stays a weakness that
// another descriptor of the same file, closed by this process, drops it too.
const closeDropsLocks = true
