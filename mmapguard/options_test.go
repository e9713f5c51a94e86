package mmapguard_test

import (
	"fmt"
	"io/fs"
	"math"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

func TestOptionsThatMakeNoSense(t *testing.T) {
	path := newFile(t, page)
	for name, opt := range map[string]mmapguard.Option{
		"guarantee -1":      mmapguard.WithGuarantee(-1),
		"guarantee 4":       mmapguard.WithGuarantee(4),
		"max size -2":       mmapguard.WithMaxSize(-2),
		"max copy -2":       mmapguard.WithMaxCopy(-2),
		"mechanism":         mmapguard.WithMechanisms("magic"),
		"one mechanism":     mmapguard.WithMechanisms(mmapguard.MechanismFlock, ""),
		"negative offset":   mmapguard.WithRange(-1, 1),
		"negative length":   mmapguard.WithRange(0, -1),
		"no length":         mmapguard.WithRange(0, 0),
		"beyond everything": mmapguard.WithRange(math.MaxInt64, 1),
		"overflow":          mmapguard.WithRange(math.MaxInt64, math.MaxInt64),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mmapguard.MapFile(path, opt)
			wantErr(t, err, fs.ErrInvalid, path)
			// It is the call that is wrong, not the file.
			_, err = mmapguard.MapFile(path+"x", opt)
			wantErr(t, err, fs.ErrInvalid, path+"x")
		})
	}
	wantContents(t, mapFile(t, path, nil, mmapguard.WithMaxSize(mmapguard.NoLimit), nil), contents(page, 1))
}

func TestMaxSize(t *testing.T) {
	path := newFile(t, page)
	for _, c := range []struct {
		limit int64
		ok    bool
	}{{0, false}, {1, false}, {int64(page) - 1, false}, {int64(page), true}, {int64(page) + 1, true}, {mmapguard.NoLimit, true}, {math.MaxInt64, true}} {
		d, err := mmapguard.MapFile(path, mmapguard.WithMaxSize(c.limit))
		if !c.ok {
			wantErr(t, err, mmapguard.ErrTooLarge, path)
			continue
		}
		if err != nil {
			t.Errorf("limit %d for %d bytes: %v", c.limit, page, err)
			continue
		}
		closeOK(t, d)
	}
	// The file's size counts, not the range's.
	_, err := mmapguard.MapFile(path, mmapguard.WithMaxSize(100), mmapguard.WithRange(0, 1))
	wantErr(t, err, mmapguard.ErrTooLarge, path)
}

func TestRange(t *testing.T) {
	const granularity = 64 << 10 // the largest there is
	size := int64(2*granularity + 100)
	path := newFile(t, int(size))
	all := contents(int(size), 1)
	for _, off := range []int64{0, 1, 7, 4095, 4096, 4097, granularity - 1, granularity, granularity + 1, size - 1} {
		for _, n := range []int64{1, 2, 100, 4096, 4097, granularity, size - off} {
			t.Run(fmt.Sprint(off, "+", n), func(t *testing.T) {
				d, err := mmapguard.MapFile(path, mmapguard.WithRange(off, n))
				if off+n > size {
					wantErr(t, err, fs.ErrInvalid, path)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				wantContents(t, d, all[off:off+n])
				closeOK(t, d)
			})
		}
	}
	for _, r := range [][2]int64{{size, 1}, {size - 1, 2}, {0, size + 1}, {size + granularity, 1}, {math.MaxInt64 - 1, 1}} {
		_, err := mmapguard.MapFile(path, mmapguard.WithRange(r[0], r[1]))
		wantErr(t, err, fs.ErrInvalid, path)
	}
}

func TestAccessHintsChangeNothing(t *testing.T) {
	path := newFile(t, 3*page)
	for _, opts := range [][]mmapguard.Option{
		{mmapguard.WithSequential()}, {mmapguard.WithRandom()}, {mmapguard.WithSequential(), mmapguard.WithRandom()},
		{mmapguard.WithPopulate()}, {mmapguard.WithPopulate(), mmapguard.WithRandom(), mmapguard.WithRange(5, 4096)},
	} {
		d := mapFile(t, path, opts...)
		want := contents(3*page, 1)
		if d.Len() == 4096 {
			want = want[5 : 5+4096]
		}
		wantContents(t, d, want)
	}
}
