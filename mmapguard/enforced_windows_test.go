package mmapguard_test

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/mmapguard/go/mmapguard"
)

func init() {
	deeds["hold open for writing"] = func(path string, _ []string) (string, error) {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		heldOpen[path] = f
		return "", err
	}
	deeds["let go"] = func(path string, _ []string) (string, error) { return "", heldOpen[path].Close() }
}

var heldOpen = map[string]*os.File{}

// With the share mode of Enforced nobody can open the file for writing, replace
// it or delete it, as long as the handle is open; and everybody afterwards.
func TestEnforced_WritersAndDeletersAreRefused(t *testing.T) {
	path, other := newFile(t, 100000), newFile(t, 10)
	d := mapFile(t, path, mmapguard.WithGuarantee(mmapguard.Enforced))
	if d.Guarantee() != mmapguard.Enforced || d.Mechanism() != mmapguard.MechanismDenyWrite {
		t.Fatalf("got %v by %v", d.Guarantee(), d.Mechanism())
	}
	raw := d.Bytes()
	deeds := [][]string{{"truncate", path, "1"}, {"write", path, "0", "x"}, {"replace", path, other}, {"unlink", path}}
	for _, deed := range deeds {
		if _, err := theAttacker.do(deed...); err == nil {
			t.Errorf("%s was let through", deed[0])
		}
	}
	if string(raw) != string(contents(100000, 1)) {
		t.Error("the bytes have changed")
	}
	closeOK(t, d)
	for _, deed := range deeds {
		if _, err := theAttacker.do(deed...); err != nil {
			t.Errorf("%s after Close: %v", deed[0], err)
		}
	}
}

// Readers are welcome.
func TestEnforced_ReadersAreLetIn(t *testing.T) {
	path := newFile(t, 4096)
	d := mapFile(t, path, mmapguard.WithGuarantee(mmapguard.Enforced))
	e := mapFile(t, path, mmapguard.WithGuarantee(mmapguard.Enforced))
	if _, err := os.ReadFile(path); err != nil {
		t.Error(err)
	}
	closeOK(t, d)
	closeOK(t, e)
}

// A writer who is there already is an error.
func TestEnforced_WriterIsThereAlready(t *testing.T) {
	path := newFile(t, 4096)
	attack(t, "hold open for writing", path)
	_, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(mmapguard.Enforced))
	wantErr(t, err, mmapguard.ErrLocked, path)
	if !errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		t.Errorf("error %v is not ERROR_LOCK_VIOLATION", err)
	}
	attack(t, "let go", path)
	closeOK(t, mapFile(t, path, mmapguard.WithGuarantee(mmapguard.Enforced)))
}
