// Package peer is the other process: it changes, replaces, locks and leases a
// file on order, and knows nothing of the library. It is started once for each
// fuzzing process and lives as long, because a process for each order would be
// a thousand times too slow.
//
// Where the program cannot start itself again (a fuzzer that another engine
// links has its own main function), the orders are carried out by this process.
// For leases and flock(2) that is the same: both belong to an open file
// description, and an open for writing breaks the leases of the own process as
// well (fcntl(2), flock(2)).
package peer
