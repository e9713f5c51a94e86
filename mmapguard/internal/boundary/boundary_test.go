//go:build unix && !aix

package boundary_test

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

var page = boundary.PageSize()

func reserve(t *testing.T, n int) boundary.Region {
	t.Helper()
	r, err := boundary.Reserve(n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Release() })
	return r
}

// faults tells whether fn touches memory that it may not.
func faults(fn func()) (faulted bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { faulted = recover() != nil }()
	fn()
	return false
}

func TestReserveIsFreshMemoryUntilProtected(t *testing.T) {
	r := reserve(t, page+1)
	b := r.Bytes()
	if len(b) != page+1 || cap(b) != page+1 || r.Len() != page+1 || r.Pages() != int64(2*page) {
		t.Errorf("length %d, capacity %d, region of %d in %d bytes", len(b), cap(b), r.Len(), r.Pages())
	}
	for i := range b {
		if b[i] != 0 {
			t.Fatalf("byte %d is %d", i, b[i])
		}
		b[i] = byte(i)
	}
	if err := r.Protect(); err != nil {
		t.Fatal(err)
	}
	if b[5] != 5 || !faults(func() { b[5] = 6 }) || b[5] != 5 {
		t.Error("protected memory was lost or written")
	}
}

func TestRevokeTakesTheBytesAway(t *testing.T) {
	r := reserve(t, 2*page)
	b := r.Bytes()
	b[page] = 1
	revoked, err := r.Revoke()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, page - 1, page, 2*page - 1} {
		if !faults(func() { _ = b[i] + 1; sink = b[i] }) {
			t.Errorf("byte %d can be read", i)
		}
	}
	if revoked.Len() != r.Len() || revoked.Before(r) || r.Before(revoked) {
		t.Error("the reservation is not where the memory was")
	}
}

var sink byte

func TestMapIsTheFileForReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	want := make([]byte, int(boundary.Granularity())+10)
	for i := range want {
		want[i] = byte(i * 7)
	}
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := boundary.Map(f.Fd(), boundary.Granularity(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Release() }()
	b := r.Bytes()
	if string(b) != string(want[boundary.Granularity():]) || cap(b) != 10 {
		t.Errorf("mapped %x with capacity %d", b, cap(b))
	}
	if !faults(func() { b[0] = 1 }) {
		t.Error("the map can be written")
	}
	for _, a := range []boundary.Advice{boundary.Sequential, boundary.Random} {
		if err := r.Advise(a); err != nil {
			t.Errorf("advice %d: %v", a, err)
		}
	}
}

func TestMapErrors(t *testing.T) {
	f, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if r, err := boundary.Map(f.Fd(), 0, 10); err == nil || !r.IsZero() {
		t.Errorf("a directory was mapped: %v", err)
	}
	if r, err := boundary.Map(^uintptr(0), 0, 10); err == nil || !r.IsZero() {
		t.Errorf("no descriptor was mapped: %v", err)
	}
	if r, err := boundary.Reserve(-1); err == nil || !r.IsZero() {
		t.Errorf("all of the address space was reserved: %v", err)
	}
}

func TestJoinNeighboursAlone(t *testing.T) {
	whole := reserve(t, 4*page)
	a, err := whole.Revoke()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := whole.Join(a); ok {
		t.Error("memory was joined to a reservation")
	}
	if _, ok := a.Join(a); ok {
		t.Error("a range was joined to itself")
	}
	if a.IsZero() || !(boundary.Region{}).IsZero() {
		t.Error("IsZero is wrong")
	}
	// Reservations made one after another usually touch.
	joins := 0
	for range 64 {
		lower, upper := reserved(t), reserved(t)
		if upper.Before(lower) {
			lower, upper = upper, lower
		}
		joined, ok := lower.Join(upper)
		if touch := address(lower)+uintptr(page) == address(upper); ok != touch {
			t.Errorf("joined %v, they touch %v", ok, touch)
		}
		if _, reversed := upper.Join(lower); reversed {
			t.Error("joined the wrong way round")
		}
		if ok && (joined.Len() != 2*page || address(joined) != address(lower)) {
			t.Errorf("joined to %d bytes", joined.Len())
		}
		if ok {
			joins++
		}
	}
	if joins == 0 {
		t.Skip("needs a system that places maps side by side")
	}
}

func reserved(t *testing.T) boundary.Region {
	t.Helper()
	r, err := reserve(t, page).Revoke()
	if err != nil {
		t.Fatal(err)
	}
	return r
}
