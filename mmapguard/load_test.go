package mmapguard_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/mmapguard/go/mmapguard"
)

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

var errReader = errors.New("the reader's own")

// once answers the first call, and has nothing more.
func once(n int, err error) io.Reader {
	called := false
	return readerFunc(func(p []byte) (int, error) {
		if called {
			return 0, io.EOF
		}
		called = true
		for i := range p[:max(0, min(n, len(p)))] {
			p[i] = 'x'
		}
		return n, err
	})
}

func TestLoadReaderOfHostileReaders(t *testing.T) {
	calls := 0
	for _, c := range []struct {
		what  string
		r     io.Reader
		class error
	}{
		{"negative count", once(-1, nil), nil},
		{"negative count and EOF", once(-1, io.EOF), nil},
		{"count too large", readerFunc(func(p []byte) (int, error) { return len(p) + 1, nil }), nil},
		{"absurd count", once(math.MaxInt, io.EOF), nil},
		{"nothing for ever", readerFunc(func([]byte) (int, error) { calls++; return 0, nil }), io.ErrNoProgress},
		{"data with error", once(5, errReader), errReader},
		{"error at once", iotest.ErrReader(errReader), errReader},
		{"wrapped EOF is no end", once(5, fmt.Errorf("wrapped: %w", io.EOF)), io.EOF},
		{"timeout", iotest.TimeoutReader(once(5, nil)), iotest.ErrTimeout},
	} {
		t.Run(c.what, func(t *testing.T) {
			d, err := mmapguard.LoadReader(c.r, 1<<20)
			if d != nil || err == nil {
				t.Fatalf("handle %v, error %v: want an error alone", d, err)
			}
			if c.class == nil {
				c.class = err // any will do
			}
			wantErr(t, err, c.class, "reader")
		})
	}
	if calls == 0 || calls > 1000 {
		t.Errorf("a reader without progress was asked %d times", calls)
	}
	_, err := mmapguard.LoadReader(nil, 1)
	wantErr(t, err, fs.ErrInvalid, "reader")
	_, err = mmapguard.LoadReader(strings.NewReader("x"), -2)
	wantErr(t, err, fs.ErrInvalid, "reader")
}

func TestLoadReaderLetsAPanicThrough(t *testing.T) {
	defer func() {
		if got := recover(); got != "the reader's own" {
			t.Errorf("recovered %v", got)
		}
	}()
	d, err := mmapguard.LoadReader(readerFunc(func([]byte) (int, error) { panic("the reader's own") }), 10)
	t.Errorf("LoadReader returned %v, %v", d, err)
}

func TestLoadReader(t *testing.T) {
	for _, n := range []int{0, 1, 64<<10 - 1, 64 << 10, 64<<10 + 1, 3<<20 + 17} {
		want := contents(n, 1)
		for name, r := range map[string]io.Reader{
			"plain":         strings.NewReader(string(want)),
			"data with EOF": iotest.DataErrReader(strings.NewReader(string(want))),
			"half":          iotest.HalfReader(strings.NewReader(string(want))),
		} {
			d, err := mmapguard.LoadReader(r, int64(n))
			if err != nil {
				t.Fatalf("%d bytes %s, at the limit: %v", n, name, err)
			}
			wantContents(t, d, want)
			wantLoaded(t, d)
		}
	}
	d, err := mmapguard.LoadReader(iotest.OneByteReader(strings.NewReader("trickle")), mmapguard.NoLimit)
	if err != nil {
		t.Fatal(err)
	}
	wantContents(t, d, []byte("trickle"))
	// A pause now and then is not a lack of progress.
	i := 0
	d, err = mmapguard.LoadReader(readerFunc(func(p []byte) (int, error) {
		if i++; i == 1000 {
			return 0, io.EOF
		}
		if i%50 != 0 {
			return 0, nil
		}
		return copy(p, "."), nil
	}), 100)
	if err != nil || d.Len() != 19 {
		t.Errorf("a slow reader: %v, %v", d, err)
	}
}

func wantLoaded(t *testing.T, d *mmapguard.FileData) {
	t.Helper()
	if d.Backing() != mmapguard.Loaded || d.Guarantee() != mmapguard.Isolated || d.Mechanism() != mmapguard.MechanismHeap {
		t.Errorf("%v, %v, %v", d.Backing(), d.Guarantee(), d.Mechanism())
	}
	if got, err := d.Changed(); got || err != nil {
		t.Errorf("Changed: %v, %v", got, err)
	}
	closeOK(t, d)
	wantClosed(t, d)
}

func TestLoadReaderBeyondTheLimit(t *testing.T) {
	for _, c := range []struct {
		n     int
		limit int64
	}{{1, 0}, {11, 10}, {64<<10 + 1, 64 << 10}, {1 << 20, 10}} {
		d, err := mmapguard.LoadReader(strings.NewReader(strings.Repeat("x", c.n)), c.limit)
		if d != nil {
			t.Errorf("%d bytes with limit %d: partial data", c.n, c.limit)
		}
		wantErr(t, err, mmapguard.ErrTooLarge, "reader")
	}
	// An endless reader is given up soon after the limit.
	read := 0
	_, err := mmapguard.LoadReader(readerFunc(func(p []byte) (int, error) { read += len(p); return len(p), nil }), 1<<20)
	wantErr(t, err, mmapguard.ErrTooLarge, "reader")
	if read > 4<<20 {
		t.Errorf("%d bytes were read for a limit of %d", read, 1<<20)
	}
}

func TestLoadReaderNamesAFile(t *testing.T) {
	f := openRaw(t, newFile(t, page))
	_, err := mmapguard.LoadReader(f, 10)
	wantErr(t, err, mmapguard.ErrTooLarge, f.Name())
	if _, err := f.Stat(); err != nil {
		t.Errorf("the reader was closed: %v", err)
	}
	_ = f.Close()
	_, err = mmapguard.LoadReader(f, 10)
	wantErr(t, err, fs.ErrClosed, f.Name())
}

func TestLoadOfAName(t *testing.T) {
	path := newFile(t, page)
	d, err := mmapguard.Load(path, mmapguard.WithRange(8, 8))
	if err != nil {
		t.Fatal(err)
	}
	if d.Backing() != mmapguard.Mapped {
		t.Errorf("a file is %v", d.Backing())
	}
	wantContents(t, d, contents(page, 1)[8:16])
	closeOK(t, d)
	_, err = mmapguard.Load(path + "x")
	wantErr(t, err, fs.ErrNotExist, path+"x")
}

// withStdin makes a file the standard input while fn runs.
func withStdin(t *testing.T, n int, fn func()) {
	t.Helper()
	f := openRaw(t, writeFile(t, t.TempDir()+"/in", contents(n, 1)))
	old := os.Stdin
	os.Stdin = f
	defer func() { os.Stdin = old }()
	fn()
}

func TestLoadOfStandardInputWithOptions(t *testing.T) {
	load := func(opts ...mmapguard.Option) (d *mmapguard.FileData, err error) {
		withStdin(t, 100, func() { d, err = mmapguard.Load("-", opts...) })
		return d, err
	}
	d, err := load(mmapguard.WithRange(10, 20), mmapguard.WithGuarantee(mmapguard.Isolated))
	if err != nil {
		t.Fatal(err)
	}
	wantContents(t, d, contents(100, 1)[10:30])
	for _, c := range []struct {
		opt   mmapguard.Option
		class error
	}{
		{mmapguard.WithMaxSize(99), mmapguard.ErrTooLarge},
		{mmapguard.WithRange(90, 11), fs.ErrInvalid},
		{mmapguard.WithMaxSize(-2), fs.ErrInvalid},
		{mmapguard.WithDigest(mmapguard.VerityDigest{Algorithm: "sha256", Sum: make([]byte, 32)}), mmapguard.ErrUnsupported},
		{mmapguard.WithGuarantee(mmapguard.Immutable), mmapguard.ErrUnsupported},
		{mmapguard.WithDigest(mmapguard.VerityDigest{}), fs.ErrInvalid},
		{mmapguard.WithMechanisms(mmapguard.MechanismFlock), mmapguard.ErrUnsupported},
	} {
		d, err := load(c.opt)
		if d != nil {
			t.Error("a handle beside an error")
		}
		if !errors.Is(err, c.class) {
			t.Errorf("error %v, want %v", err, c.class)
		}
	}
	if _, err := load(mmapguard.WithMaxSize(100)); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}
