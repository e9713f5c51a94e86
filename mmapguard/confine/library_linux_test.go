package confine_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard"
	"github.com/mmapguard/go/mmapguard/confine"
)

// What the library promises it keeps while the process is confined.
func init() {
	roles["read"] = readGuaranteed
	roles["rescue"] = rescue
	roles["root"] = readInRoot
	roles["runtime"] = exercise
	roles["stdin"] = readStdin
	roles["again"] = again2
	roles["zone"] = zone
	roles["support"] = support
}

const size = 1<<20 + 17

func fileOf(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(dir, "data")
	if err := os.WriteFile(name, contents(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func contents() []byte { return bytes.Repeat([]byte{'m'}, size) }

// options are a guarantee by its name, and mechanisms.
func options(args []string) []mmapguard.Option {
	var opts []mmapguard.Option
	for _, g := range mmapguard.Guarantees() {
		if g.String() == args[1] {
			opts = append(opts, mmapguard.WithGuarantee(g))
		}
	}
	if len(args) > 2 {
		opts = append(opts, mmapguard.WithMechanisms(mmapguard.Mechanism(args[2])))
	}
	return opts
}

// readGuaranteed reads a file in every way, and tells the mechanism.
func readGuaranteed(_ string, args []string) error {
	d, err := mmapguard.MapFile(args[0], options(args)...)
	if err != nil {
		return err
	}
	fmt.Print(d.Mechanism(), " ")
	changed, err := d.Changed()
	return errors.Join(err, wantContents(d), wrong(changed, "the file changed"), d.Close())
}

func wantContents(d *mmapguard.FileData) error {
	var copied bytes.Buffer
	_, err := d.WriteTo(&copied)
	read, readErr := io.ReadAll(d.NewReader())
	viewErr := d.View(func(b []byte) error { return wrong(!bytes.Equal(b, contents()), "View differs") })
	return errors.Join(err, readErr, viewErr,
		wrong(!bytes.Equal(copied.Bytes(), contents()), "WriteTo differs"),
		wrong(!bytes.Equal(read, contents()), "the reader differs"))
}

func wrong(is bool, what string) error {
	if is {
		return errors.New(what)
	}
	return nil
}

// rescue holds a lease until the test has truncated the file.
func rescue(_ string, args []string) error {
	d, err := mmapguard.MapFile(args[0], mmapguard.WithGuarantee(mmapguard.Enforced),
		mmapguard.WithMechanisms(mmapguard.MechanismLease))
	if err != nil {
		return err
	}
	fmt.Println("mapped")
	if _, err := io.ReadAll(os.Stdin); err != nil { // until the file is truncated
		return err
	}
	return errors.Join(wantContents(d), d.Close())
}

func readInRoot(dir string, args []string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	d, err := mmapguard.MapFileIn(root, filepath.Base(args[0]))
	if err != nil {
		return err
	}
	_, err = mmapguard.MapFileIn(root, "no such file")
	return errors.Join(wantContents(d), d.Close(), root.Close(),
		wrong(!errors.Is(err, fs.ErrNotExist), fmt.Sprint("a file that is not there: ", err)))
}

func readStdin(string, []string) error {
	d, err := mmapguard.Load("-", mmapguard.WithGuarantee(mmapguard.Isolated))
	if err != nil {
		return err
	}
	return errors.Join(wantContents(d), d.Close())
}

// exercise lets the runtime do what it does in a program that lives long.
func exercise(string, []string) error {
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			runtime.LockOSThread()
			for range 50 {
				_ = make([]byte, 1<<16)
				time.Sleep(time.Microsecond)
			}
		})
	}
	wg.Wait()
	runtime.GC()
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	time.AfterFunc(time.Millisecond, func() { _ = w.Close() })
	_, err = io.ReadAll(r)
	return errors.Join(err, r.Close())
}

// again2 confines a second time.
func again2(dir string, _ []string) error {
	_, err := confine.Dir(dir)
	return err
}

func zone(string, []string) error {
	name, _ := time.Now().Zone()
	fmt.Print(name, " ")
	return nil
}

// support opens what the library asks about its leases, after a while: an entry
// of /proc is not the same for ever.
func support(string, []string) error {
	runtime.GC()
	return errors.Join(open("/proc/self/fdinfo/0"), open("/proc/self/fdinfo/1"), open("/proc/sys/fs/lease-break-time"))
}

func TestSupport(t *testing.T) {
	needLayers(t)
	if got := run(t, "support", "all", t.TempDir()); got != "done" {
		t.Error(got)
	}
}

// Isolated cannot have a clone, and takes the next mechanism.
func TestGuarantees(t *testing.T) {
	needLayers(t)
	for guarantee, wants := range map[string]string{
		"Cooperative": "flock",
		"Enforced":    "lease leased-copy checked-copy",
		"Isolated":    "leased-copy checked-copy",
		"Immutable":   "sealed-memfd",
	} {
		t.Run(guarantee, func(t *testing.T) {
			dir := t.TempDir()
			name := fileOf(t, dir)
			got := run(t, "read", "all", dir, name, guarantee)
			mechanism, rest, _ := strings.Cut(got, " ")
			if rest != "done" || !strings.Contains(" "+wants+" ", " "+mechanism+" ") {
				t.Errorf("%s, want one of %s", got, wants)
			}
			t.Log(mechanism)
		})
	}
}

func TestEachMechanism(t *testing.T) {
	needLayers(t)
	for mechanism, guarantee := range map[string]string{
		"flock": "Cooperative", "lease": "Enforced", "leased-copy": "Isolated", "checked-copy": "Isolated", "sealed-memfd": "Immutable",
	} {
		t.Run(mechanism, func(t *testing.T) {
			dir := t.TempDir()
			name := fileOf(t, dir)
			want := mechanism + " done"
			if free := run(t, "read", "none", dir, name, guarantee, mechanism); free != want {
				t.Skipf("not to be had here, without confinement: %s", free)
			}
			if got := run(t, "read", "all", dir, name, guarantee, mechanism); got != want {
				t.Error(got)
			}
		})
	}
	t.Run("reflink", func(t *testing.T) {
		dir := t.TempDir()
		got := run(t, "read", "all", dir, fileOf(t, dir), "Isolated", "reflink")
		if !strings.Contains(got, "no unnamed file can be made") {
			t.Errorf("%s, want a reason", got)
		}
	})
	t.Run("reflink, with Clones", func(t *testing.T) {
		dir := t.TempDir()
		args := []string{fileOf(t, dir), "Isolated", "reflink"}
		if free := run(t, "read", "none", dir, args...); free != "reflink done" {
			t.Skipf("not to be had here, without confinement: %s", free)
		}
		if got := run(t, "read", "clones", dir, args...); got != "reflink done" {
			t.Error(got)
		}
	})
}

// TestRescue truncates the file of a confined process that holds a lease.
func TestRescue(t *testing.T) {
	needLayers(t)
	dir := t.TempDir()
	name := fileOf(t, dir)
	if free := run(t, "read", "none", dir, name, "Enforced", "lease"); free != "lease done" {
		t.Skip("no leases here:", free)
	}
	stdin, finish := io.Pipe()
	mapped := &trigger{word: "mapped", then: func() error {
		return errors.Join(os.Truncate(name, 1), finish.Close())
	}}
	if got := command(t, "rescue", "all", dir, name)(stdin, mapped); got != "mapped\ndone" {
		t.Errorf("%s (%v)", got, mapped.err)
	}
	if info, err := os.Stat(name); err != nil || info.Size() != 1 {
		t.Errorf("the writer did not get its way: %v, %v", info, err)
	}
}

// A trigger does something when a process writes a word.
type trigger struct {
	word string
	then func() error
	err  error
}

func (tr *trigger) Write(p []byte) (int, error) {
	if tr.then != nil && bytes.Contains(p, []byte(tr.word)) {
		tr.err, tr.then = tr.then(), nil
	}
	return len(p), nil
}

func TestOtherWaysToRead(t *testing.T) {
	needLayers(t)
	dir := t.TempDir()
	name := fileOf(t, dir)
	if got := run(t, "root", "all", dir, name); got != "done" {
		t.Error("MapFileIn:", got)
	}
	if got := command(t, "stdin", "all", dir)(bytes.NewReader(contents()), io.Discard); got != "done" {
		t.Error("Load:", got)
	}
}

func TestRuntime(t *testing.T) {
	needLayers(t)
	if got := run(t, "runtime", "all", t.TempDir()); got != "done" {
		t.Error(got)
	}
}

func TestSecondConfinement(t *testing.T) {
	needLayers(t)
	if got := run(t, "again", "all", t.TempDir()); !strings.Contains(got, "confined already") {
		t.Error(got)
	}
}

// The time zone comes from a file that cannot be opened any more.
func TestTimeZone(t *testing.T) {
	needLayers(t)
	t.Setenv("TZ", "America/New_York")
	free := run(t, "zone", "none", t.TempDir())
	if strings.HasPrefix(free, "UTC") {
		t.Skip("no time zones are installed")
	}
	if got := run(t, "zone", "all", t.TempDir()); got != free {
		t.Errorf("the zone is %s, without confinement %s", got, free)
	}
}
