package mmapguard_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// offered are the mechanisms that an ordinary file must be able to have on this
// system, apart from what depends on the file system. The list is the tests'
// own: it must not change because the library's does.
func offered() []mmapguard.Mechanism {
	switch runtime.GOOS {
	case "linux":
		return []mmapguard.Mechanism{"flock", "checked-copy", "sealed-memfd"}
	case "windows":
		return []mmapguard.Mechanism{"flock", "deny-write", "checked-copy"}
	}
	return []mmapguard.Mechanism{"flock", "checked-copy"}
}

// strength is the guarantee that a mechanism must give.
var strength = map[mmapguard.Mechanism]mmapguard.Guarantee{
	"flock": mmapguard.Cooperative, "lease": mmapguard.Enforced, "deny-write": mmapguard.Enforced,
	"reflink": mmapguard.Isolated, "clonefile": mmapguard.Isolated, "leased-copy": mmapguard.Isolated,
	"checked-copy": mmapguard.Isolated, "sealed-memfd": mmapguard.Immutable, "fs-verity": mmapguard.Immutable,
}

// Every mechanism either gives the file's bytes with the guarantee it stands
// for, or says why not; those that need nothing special are there.
func TestLadder_EachMechanism(t *testing.T) {
	const size = 1<<20 + 4321
	for _, rung := range mmapguard.Ladder() {
		t.Run(rung.Mechanism.String(), func(t *testing.T) {
			if want := strength[rung.Mechanism]; rung.Guarantee != want || rung.Cost == "" {
				t.Errorf("the ladder has %+v, want %v and a cost", rung, want)
			}
			path := newFile(t, size)
			d, err := mmapguard.MapFile(path, mmapguard.WithMechanisms(rung.Mechanism))
			if errors.Is(err, mmapguard.ErrUnsupported) {
				wantErr(t, err, errors.ErrUnsupported, path)
				if slices.Contains(offered(), rung.Mechanism) {
					t.Fatal(err)
				}
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if d.Mechanism() != rung.Mechanism || d.Guarantee() != rung.Guarantee {
				t.Errorf("got %v by %v", d.Guarantee(), d.Mechanism())
			}
			if err := sameBytes(d, contents(size, 1)); err != nil {
				t.Error(err)
			}
			closeOK(t, d)
		})
	}
}

func sameBytes(d *mmapguard.FileData, want []byte) error {
	return d.View(func(b []byte) error {
		if !bytes.Equal(b, want) || cap(b) != len(want) {
			return errors.New("other bytes than the file's")
		}
		return nil
	})
}

// Whoever asks for a guarantee gets that or a stronger one, and from Enforced
// up the file may do what it likes.
func TestLadder_GuaranteeIsKept(t *testing.T) {
	const size, off, n = 300000, 12345, 234567
	want := contents(size, 1)[off : off+n]
	guarantees := []mmapguard.Guarantee{mmapguard.Isolated, mmapguard.Immutable}
	if runtime.GOOS == "linux" {
		// Elsewhere the writer may be refused, which is not what is shown here.
		guarantees = append(guarantees, mmapguard.Enforced)
	}
	for _, g := range guarantees {
		t.Run(g.String(), func(t *testing.T) {
			path := newFile(t, size)
			d, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(g), mmapguard.WithRange(off, n))
			if g == mmapguard.Immutable && runtime.GOOS != "linux" {
				wantErr(t, err, mmapguard.ErrUnsupported, path)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d.Guarantee() < g || d.Len() != n {
				t.Errorf("got %v by %v, %d bytes", d.Guarantee(), d.Mechanism(), d.Len())
			}
			truncate(t, path, 1)
			if err := sameBytes(d, want); err != nil {
				t.Error(err)
			}
			if changed, err := d.Changed(); changed || err != nil {
				t.Errorf("Changed = %v, %v for private bytes", changed, err)
			}
			closeOK(t, d)
		})
	}
}

// The final error lists every attempt with its reason.
func TestLadder_AllAttemptsAreListed(t *testing.T) {
	foreign := []mmapguard.Mechanism{"fs-verity"} // the file has none
	for m, home := range map[mmapguard.Mechanism]string{"clonefile": "darwin", "deny-write": "windows"} {
		if runtime.GOOS != home {
			foreign = append(foreign, m)
		}
	}
	path := newFile(t, 4096)
	_, err := mmapguard.MapFile(path, mmapguard.WithMechanisms(foreign...), mmapguard.WithGuarantee(mmapguard.Enforced))
	wantErr(t, err, mmapguard.ErrUnsupported, path)
	for _, m := range foreign {
		if !strings.Contains(err.Error(), string(m)+": ") {
			t.Errorf("error %q does not tell about %s", err, m)
		}
	}
}

// A mechanism that is too weak is not taken because it was named.
func TestLadder_WeakMechanismIsNotTaken(t *testing.T) {
	path := newFile(t, 4096)
	_, err := mmapguard.MapFile(path, mmapguard.WithMechanisms("flock"), mmapguard.WithGuarantee(mmapguard.Isolated))
	wantErr(t, err, mmapguard.ErrUnsupported, path)
	_, err = mmapguard.MapFile(path, mmapguard.WithMechanisms("flok"))
	wantErr(t, err, fs.ErrInvalid, path)
}

// An answer about the file is final, also for stronger mechanisms.
func TestLadder_FinalAnswers(t *testing.T) {
	empty := writeFile(t, t.TempDir()+"/empty", nil)
	locked := newFile(t, 4096)
	attack(t, "lock", locked)
	defer attack(t, "unlock", locked)
	for _, g := range []mmapguard.Guarantee{mmapguard.Cooperative, mmapguard.Enforced, mmapguard.Isolated} {
		_, err := mmapguard.MapFile(empty, mmapguard.WithGuarantee(g))
		wantErr(t, err, mmapguard.ErrEmpty, empty)
		_, err = mmapguard.MapFile(locked, mmapguard.WithGuarantee(g))
		wantErr(t, err, mmapguard.ErrLocked, locked)
	}
}

// What may not be copied is not copied, by any mechanism that would.
func TestLadder_MaxCopy(t *testing.T) {
	path := newFile(t, 4097)
	for _, m := range []mmapguard.Mechanism{"leased-copy", "checked-copy", "sealed-memfd"} {
		_, err := mmapguard.MapFile(path, mmapguard.WithMechanisms(m), mmapguard.WithMaxCopy(4096))
		if m == "checked-copy" || !errors.Is(err, mmapguard.ErrUnsupported) {
			wantErr(t, err, mmapguard.ErrTooLarge, path)
		}
		d, err := mmapguard.MapFile(path, mmapguard.WithMechanisms(m), mmapguard.WithMaxCopy(4096), mmapguard.WithRange(1, 4096))
		if err == nil {
			closeOK(t, d)
		} else if !errors.Is(err, mmapguard.ErrUnsupported) {
			t.Error(err)
		}
	}
}

// A copy is not left to a moment in which the file changes.
func TestCheckedCopy_NoticesChange(t *testing.T) {
	path := newFile(t, 1<<20)
	strikes := 0
	t.Cleanup(mmapguard.SetStep(func(s mmapguard.Step) {
		if s == mmapguard.AfterCopy {
			strikes++
			attack(t, "write", path, "777777", string(rune('a'+strikes)))
		}
	}))
	_, err := mmapguard.MapFile(path, mmapguard.WithMechanisms("checked-copy"))
	wantErr(t, err, mmapguard.ErrChanged, path)
	if strikes < 2 {
		t.Errorf("the copy was tried %d times", strikes)
	}
}

// One change between the two reads only costs another attempt.
func TestCheckedCopy_TriesAgain(t *testing.T) {
	path := newFile(t, 1<<20)
	during(t, mmapguard.AfterCopy, func() { attack(t, "write", path, "777777", "new") })
	d := mapFile(t, path, mmapguard.WithMechanisms("checked-copy"))
	want := contents(1<<20, 1)
	copy(want[777777:], "new")
	if err := sameBytes(d, want); err != nil {
		t.Error(err)
	}
}

func TestVerityDigest_Forms(t *testing.T) {
	const hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for _, s := range []string{"sha256:" + hex, "sha512:" + hex + hex} {
		d, err := mmapguard.ParseVerityDigest(s)
		if err != nil || d.String() != s {
			t.Errorf("%q is read as %v, %v", s, d, err)
		}
	}
	for _, s := range []string{"", "sha256", "sha256:", "sha256:" + hex + hex, "sha512:" + hex, "md5:" + hex, "sha256:x" + hex[1:]} {
		if d, err := mmapguard.ParseVerityDigest(s); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q is read as %v, %v", s, d, err)
		}
	}
	path := newFile(t, 10)
	_, err := mmapguard.MapFile(path, mmapguard.WithDigest(mmapguard.VerityDigest{}))
	wantErr(t, err, fs.ErrInvalid, path)
	good, _ := mmapguard.ParseVerityDigest("sha256:" + hex)
	_, err = mmapguard.MapFile(path, mmapguard.WithDigest(good))
	wantErr(t, err, mmapguard.ErrUnsupported, path)
}

// Standard input under a stronger guarantee than the heap gives is refused, not
// quietly weakened.
func TestLoad_GuaranteeOfStdin(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	old := os.Stdin
	os.Stdin = r
	defer func() { os.Stdin = old; _ = r.Close() }()
	_, err = mmapguard.Load("-", mmapguard.WithGuarantee(mmapguard.Immutable))
	if !errors.Is(err, mmapguard.ErrUnsupported) {
		t.Errorf("Load: %v, want ErrUnsupported", err)
	}
	d, err := mmapguard.Load("-", mmapguard.WithGuarantee(mmapguard.Isolated))
	if err != nil || d.Mechanism() != mmapguard.MechanismHeap {
		t.Errorf("Load: %v", err)
	}
	_ = d.Close()
}
