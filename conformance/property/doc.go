// Package property holds the tests that state the guarantees of mmapguard as
// properties and let other processes try to break them:
//
//   - snapshots: a private copy is never a mix of two versions of the file,
//     while writers of every kind rewrite it in a loop;
//   - the price of a clone: it neither grows with the file nor leaves anything
//     behind;
//   - random sequences of calls and of other processes' actions, against a
//     plain in-memory model.
//
// They are a module of their own because they need packages that the library
// must not depend on, and run on Linux, where most mechanisms live. All files
// are made under t.TempDir, or under MMAPGUARD_TEST_DIR if that is set, so one
// test binary serves every file system:
//
//	go test -c -o property.test .
//	TMPDIR=/mnt/xfs ./property.test -test.v
//
// MMAPGUARD_SNAPSHOTS is how many snapshots are taken per mechanism and
// attack (default 60; thousands in CI); -rapid.checks is the number of random
// sequences (default 200).
//
// What checked-copy, which reads twice and compares, lets through beside writers
// that it cannot tell is no failure but a figure, in lines that begin with
// "residual:". There are two kinds: a writer through a map, where the copy is
// the file as it was at a moment between two of the writer's stores, and a
// direct write (O_DIRECT), which xfs and ext4 do not keep readers out of, where
// the copy can be what never was. No other mechanism is excused.
package property
