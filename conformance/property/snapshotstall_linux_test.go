package property

import (
	"errors"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// needUserfault skips where a write of another process cannot be stalled.
func needUserfault(t *testing.T) {
	t.Helper()
	memory, err := anonymous(4096)
	if err != nil {
		t.Fatal(err)
	}
	u, err := newUserfault(memory)
	if err != nil {
		t.Skipf("no userfaultfd for faults of the kernel (root or vm.unprivileged_userfaultfd): %v", err)
	}
	check(t, unix.Close(u.fd))
	check(t, errors.Join(unix.Munmap(u.arg), unix.Munmap(memory)))
}

// stalledWrite is a file of which a write has been stopped half way.
func stalledWrite(t *testing.T, size int) (path string, writer *process) {
	t.Helper()
	needUserfault(t)
	path = newFile(t, size, 1)
	writer = startRole(t, "attack", &attack{Kind: "stall-once", Path: path, Size: size})
	if ready := writer.hear(t); ready != "ready" {
		t.Fatalf("the writer says %q", ready)
	}
	writer.tell(t, "stall")
	if stalled := writer.hear(t); stalled != "stalled" {
		t.Fatalf("the writer says %q", stalled)
	}
	return path, writer
}

// While a write stands still with half of the file rewritten, a copy gives up
// with ErrChanged, and a clone waits for it.
//
//nolint:tparallel // the subtests wait for each other's timeouts at once; other tests would disturb them
func TestSnapshotOfStalledWrite(t *testing.T) {
	for _, m := range snapshotters {
		t.Run(m.String(), func(t *testing.T) {
			t.Parallel()
			describe(t, t.TempDir()).need(t, m)
			if m == mmapguard.MechanismReflink {
				cloneOfStalledWrite(t)
				return
			}
			copyOfStalledWrite(t, m)
		})
	}
}

const stalledSize = 1 << 20

// result is what became of a snapshot.
type result struct {
	d   *mmapguard.FileData
	err error
}

func startSnapshot(path string, m mmapguard.Mechanism) <-chan result {
	taken := make(chan result, 1)
	go func() {
		d, err := takeSnapshot(path, m)
		taken <- result{d, err}
	}()
	return taken
}

// resume lets the write go on to its end.
func resume(t *testing.T, writer *process) {
	t.Helper()
	writer.tell(t, "resume")
	if resumed := writer.hear(t); resumed != "resumed" {
		t.Fatalf("the writer says %q", resumed)
	}
	writer.end(t)
}

func copyOfStalledWrite(t *testing.T, m mmapguard.Mechanism) {
	path, writer := stalledWrite(t, stalledSize)
	began := time.Now()
	taken := startSnapshot(path, m)
	var r result
	select {
	case r = <-taken:
		resume(t, writer)
	case <-time.After(time.Minute):
		t.Error("no answer while the write stood still")
		resume(t, writer)
		r = <-taken
	}
	t.Logf("%s: %v after %v", m, r.err, time.Since(began).Round(time.Millisecond))
	if r.err == nil {
		n := newTally()
		check(t, r.d.View(func(b []byte) error { n.count(oneVersion, b, stalledSize); return nil }))
		t.Errorf("a snapshot was taken: %v", n)
		check(t, r.d.Close())
	} else if !errors.Is(r.err, mmapguard.ErrChanged) {
		t.Errorf("%v, want ErrChanged", r.err)
	}
	// Once the write is through, all of it is there.
	expectWhole(t, path, m, "2")
}

func expectWhole(t *testing.T, path string, m mmapguard.Mechanism, want string) {
	t.Helper()
	d, err := takeSnapshot(path, m)
	if err != nil {
		t.Fatal(err)
	}
	check(t, d.View(func(b []byte) error {
		if v, what := oneVersion(b, stalledSize); v != whole || what != want {
			t.Errorf("the snapshot is %s, want version %s", what, want)
		}
		return nil
	}))
	check(t, d.Close())
}

// cloneOfStalledWrite lets the write go on only after the clone was asked for.
// The pause makes it likely that the clone is waiting by then; the verdict is
// the same if it is not.
func cloneOfStalledWrite(t *testing.T) {
	path, writer := stalledWrite(t, stalledSize)
	taken := startSnapshot(path, mmapguard.MechanismReflink)
	time.Sleep(100 * time.Millisecond)
	early := len(taken) > 0
	resume(t, writer)
	r := <-taken
	if r.err != nil {
		t.Fatal(r.err)
	}
	check(t, r.d.View(func(b []byte) error {
		v, what := oneVersion(b, stalledSize)
		if v != whole {
			t.Errorf("the clone is mixed: %s", what)
		}
		t.Logf("the clone is version %s; it was there before the write went on: %v", what, early)
		return nil
	}))
	check(t, r.d.Close())
}
