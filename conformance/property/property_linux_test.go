package property

import (
	"os"
	"os/signal"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/mmapguard/go/mmapguard"
)

// Whatever sequence of calls this process makes and whatever another process
// does to the files meanwhile, each handle keeps its guarantee:
//
//   - Cooperative shows the file as it is, or a FaultError where it no longer is;
//   - Enforced, Isolated and Immutable show the file as it was at open, always;
//
// and every open comes to the mechanism, or to exactly the errors, that a plain
// model of the files predicts. In the end nothing is left behind.
func TestGuaranteesAgainstModel(t *testing.T) {
	dir := t.TempDir()
	fs := describe(t, dir)
	peer := startRole(t, "peer", nil)
	stats := &coverage{opened: map[string]int{}, refused: map[string]int{}}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt, t, fs, peer, dir, stats)
		defer w.finish(rt)
		rt.Repeat(w.actions())
	})
	if !t.Failed() {
		peer.end(t)
	}
	t.Logf("%s: opened %v; refused %v; %d actions of the other process, %d leases broken", fs.name, stats.opened, stats.refused, stats.orders, stats.breaks)
	for _, m := range fs.mechanisms() {
		// A short run makes a fifth of the sequences, which may well miss one.
		if stats.opened[m.String()] == 0 && !testing.Short() {
			t.Errorf("no sequence came to %s", m)
		}
	}
	signalsAreOurs(t)
}

// mechanisms are those that files of this file system can come to.
func (fs fileSystem) mechanisms() []mmapguard.Mechanism {
	all := []mmapguard.Mechanism{mmapguard.MechanismFlock, mmapguard.MechanismCheckedCopy, mmapguard.MechanismSealedMemfd}
	if fs.leases {
		all = append(all, mmapguard.MechanismLease, mmapguard.MechanismLeasedCopy)
	}
	if fs.reflink {
		all = append(all, mmapguard.MechanismReflink)
	}
	return all
}

// actions are drawn with equal chance; some are there more than once.
func (w *world) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":              w.checkAll,
		"open":          w.open,
		"open again":    w.open,
		"open another":  w.open,
		"open one more": w.open,
		"open a third":  w.open,
		"ReadAt":        w.readAt,
		"View":          w.view,
		"view outside":  w.viewOutside,
		"Read":          w.read,
		"Seek":          w.seek,
		"WriteTo":       w.writeTo,
		"Bytes":         w.takeBytes,
		"Changed":       w.changed,
		"Close":         w.closeHandle,
		"close in view": w.closeInView,
		"close during":  w.closeDuringBreak,
		"drop":          w.drop,
		"collect":       w.collect,

		"create":       w.createFile,
		"create again": w.createFile,
		"truncate":     w.truncate,
		"write":        w.write,
		"rewrite":      w.rewriteAll,
		"append":       w.appendBytes,
		"otrunc":       w.truncateAndWrite,
		"punch":        w.punch,
		"replace":      w.replace,
		"unlink":       w.unlink,
		"hold":         w.holdOpen,
		"map":          w.mapWritable,
		"store":        w.store,
		"lock":         w.lock,
		"release":      w.release,
		"release more": w.release,
	}
}

// signalsAreOurs checks that SIGIO reaches a program that asks for it, now that
// no lease is left.
func signalsAreOurs(t *testing.T) {
	t.Helper()
	if n := libraryGoroutines(); n > 0 {
		t.Errorf("%d goroutines of the library are left", n)
	}
	got := make(chan os.Signal, 1)
	signal.Notify(got, unix.SIGIO)
	defer signal.Stop(got)
	check(t, unix.Kill(os.Getpid(), unix.SIGIO))
	<-got
}
