//go:build unix && !aix

package mmapguard_test

import (
	"slices"
	"testing"

	"github.com/mmapguard/go/mmapguard"
	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// reservation is an inaccessible range of n pages.
func reservation(t *testing.T, n int) boundary.Region {
	t.Helper()
	r, err := boundary.Reserve(n * page)
	if err != nil {
		t.Fatal(err)
	}
	r, err = r.Revoke()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// newLimbo is a quarantine that is emptied when the test ends.
func newLimbo(t *testing.T, entries int, pages int) *mmapguard.Limbo {
	t.Helper()
	l := mmapguard.NewLimbo(entries, int64(pages*page))
	t.Cleanup(l.Drain)
	return l
}

func wantHeld(t *testing.T, l *mmapguard.Limbo, entries, pages int) {
	t.Helper()
	if n, bytes := l.Held(); n != entries || bytes != int64(pages*page) {
		t.Errorf("holds %d ranges, %d bytes, want %d, %d", n, bytes, entries, pages*page)
	}
}

func TestQuarantineIsBoundedInEntries(t *testing.T) {
	l := newLimbo(t, 4, 1000)
	for i := range 4 {
		l.Put(reservation(t, 1))
		wantHeld(t, l, i+1, i+1)
	}
	l.Put(reservation(t, 1)) // the older half leaves
	wantHeld(t, l, 3, 3)
	for range 100 {
		l.Put(reservation(t, 1))
		if n, _ := l.Held(); n < 3 || n > 4 {
			t.Fatalf("holds %d ranges of at most 4", n)
		}
	}
}

func TestQuarantineIsBoundedInBytes(t *testing.T) {
	l := newLimbo(t, 1000, 10)
	for range 3 {
		l.Put(reservation(t, 3))
	}
	wantHeld(t, l, 3, 9)
	l.Put(reservation(t, 1))
	wantHeld(t, l, 4, 10)
	l.Put(reservation(t, 9)) // only what fits beside it stays
	wantHeld(t, l, 2, 10)
}

func TestQuarantineKeepsTheNewestWhateverItsSize(t *testing.T) {
	l := newLimbo(t, 2, 4)
	l.Put(reservation(t, 100))
	wantHeld(t, l, 1, 100)
	l.Put(reservation(t, 50))
	wantHeld(t, l, 1, 50)
	l.Put(reservation(t, 1))
	wantHeld(t, l, 1, 1)
}

func TestQuarantineLetsTheOldestGoFirst(t *testing.T) {
	l := newLimbo(t, 5, 1000)
	var put []boundary.Region
	for i := range 8 {
		put = append(put, reservation(t, i+1))
		l.Put(put[i])
		n, _ := l.Held()
		if want := put[len(put)-n:]; !slices.Equal(l.Oldest(), want) {
			t.Fatalf("after %d ranges it holds %v, want the newest %v", i+1, l.Oldest(), want)
		}
	}
}

func TestQuarantineDrains(t *testing.T) {
	l := newLimbo(t, 100, 1000)
	l.Drain()
	wantHeld(t, l, 0, 0)
	for range 10 {
		l.Put(reservation(t, 2))
	}
	l.Drain()
	wantHeld(t, l, 0, 0)
	l.Put(reservation(t, 1))
	wantHeld(t, l, 1, 1)
}

// What is in between belongs to others and must not be released with it.
func TestQuarantineReleasesItsRangesAlone(t *testing.T) {
	l := newLimbo(t, 100, 1000)
	var others []boundary.Region
	for i := range 40 {
		if i%3 != 0 {
			l.Put(reservation(t, 1))
			continue
		}
		r, err := boundary.Reserve(page)
		if err != nil {
			t.Fatal(err)
		}
		r.Bytes()[0] = 7
		others = append(others, r)
	}
	l.Drain()
	for i, r := range others {
		if rawFault(r.Bytes(), 0) || r.Bytes()[0] != 7 {
			t.Fatalf("memory %d beside the quarantine is gone", i)
		}
		if err := r.Release(); err != nil {
			t.Error(err)
		}
	}
}
