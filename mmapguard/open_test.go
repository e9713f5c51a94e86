package mmapguard_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

func TestMapFileErrors(t *testing.T) {
	dir := t.TempDir()
	empty := writeFile(t, filepath.Join(dir, "empty"), nil)
	small := writeFile(t, filepath.Join(dir, "small"), []byte("12345"))
	for _, c := range []struct {
		what  string
		name  string
		opts  []mmapguard.Option
		class error
	}{
		{"missing", filepath.Join(dir, "missing"), nil, fs.ErrNotExist},
		{"missing directory", filepath.Join(dir, "missing", "f"), nil, fs.ErrNotExist},
		{"no name", "", nil, fs.ErrNotExist},
		{"empty", empty, nil, mmapguard.ErrEmpty},
		{"empty is invalid", empty, nil, fs.ErrInvalid},
		{"empty under WithRange", empty, []mmapguard.Option{mmapguard.WithRange(0, 1)}, mmapguard.ErrEmpty},
		{"directory", dir, nil, mmapguard.ErrNotRegular},
		{"too large", small, []mmapguard.Option{mmapguard.WithMaxSize(4)}, mmapguard.ErrTooLarge},
		{"range", small, []mmapguard.Option{mmapguard.WithRange(5, 1)}, fs.ErrInvalid},
	} {
		t.Run(c.what, func(t *testing.T) {
			d, err := mmapguard.MapFile(c.name, c.opts...)
			if d != nil {
				t.Error("a handle beside an error")
			}
			wantErr(t, err, c.class, c.name)
		})
	}
}

func TestMapFile(t *testing.T) {
	path := newFile(t, page+10)
	d := mapFile(t, path)
	if d.Len() != page+10 || d.Size() != int64(page+10) || d.Backing() != mmapguard.Mapped ||
		d.Guarantee() != mmapguard.Cooperative || d.Mechanism() != mmapguard.MechanismFlock {
		t.Errorf("handle of %d (%d) bytes, %v, %v, %v", d.Len(), d.Size(), d.Backing(), d.Guarantee(), d.Mechanism())
	}
	wantContents(t, d, contents(page+10, 1))
	closeOK(t, d)
	if d.Len() != page+10 {
		t.Error("Close changed the length")
	}
}

// wantContents checks every way to the bytes, and that none reaches beyond.
func wantContents(t *testing.T, d *mmapguard.FileData, want []byte) {
	t.Helper()
	p := make([]byte, len(want))
	if n, err := d.ReadAt(p, 0); n != len(want) || err != nil || string(p) != string(want) {
		t.Errorf("ReadAt: %d, %v, equal %v", n, err, string(p) == string(want))
	}
	err := d.View(func(b []byte) error {
		if string(b) != string(want) || cap(b) != len(b) {
			t.Errorf("View lends %d bytes with capacity %d, want %d and %d", len(b), cap(b), len(want), len(want))
		}
		return nil
	})
	if err != nil {
		t.Errorf("View: %v", err)
	}
	if b := d.Bytes(); string(b) != string(want) || cap(b) != len(b) {
		t.Errorf("Bytes has %d bytes and capacity %d, want %d and %d", len(b), cap(b), len(want), len(want))
	}
	if d.Size() != int64(len(want)) || d.Len() != len(want) {
		t.Errorf("size %d, length %d, want %d", d.Size(), d.Len(), len(want))
	}
}

func TestMapFileOfOneByte(t *testing.T) {
	wantContents(t, mapFile(t, newFile(t, 1)), contents(1, 1))
}

// needLink makes a symbolic link, and skips where it leads nowhere (Wine).
func needLink(t *testing.T, to, link string) {
	t.Helper()
	err := os.Symlink(to, link)
	if err == nil {
		_, err = os.Stat(link)
	}
	if err != nil {
		t.Skip("needs symbolic links: ", err)
	}
}

func TestMapFileThroughALink(t *testing.T) {
	path := newFile(t, page)
	link := filepath.Join(t.TempDir(), "link")
	needLink(t, path, link)
	wantContents(t, mapFile(t, link), contents(page, 1))
}

// skipWhereLocksAreMandatory skips what another process cannot do to a locked
// file of Windows.
func skipWhereLocksAreMandatory(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a system that lets anybody write to locked files")
	}
}

func TestFileThatIsEmptiedDuringOpen(t *testing.T) {
	skipWhereLocksAreMandatory(t)
	for at, class := range map[mmapguard.Step]error{
		mmapguard.BeforeLock: mmapguard.ErrEmpty,
		mmapguard.AfterLock:  mmapguard.ErrEmpty,
		mmapguard.BeforeMap:  mmapguard.ErrChanged,
		mmapguard.AfterMap:   mmapguard.ErrChanged,
	} {
		path := newFile(t, page)
		during(t, at, func() { truncate(t, path, 0) })
		_, err := mmapguard.MapFile(path)
		wantErr(t, err, class, path)
	}
}

func TestFileThatGrowsDuringOpen(t *testing.T) {
	skipWhereLocksAreMandatory(t)
	path := newFile(t, page)
	during(t, mmapguard.AfterLock, func() { truncate(t, path, int64(3*page)) })
	if d := mapFile(t, path); d.Len() != 3*page {
		t.Errorf("the handle has %d bytes, want the size after the lock, %d", d.Len(), 3*page)
	}
	during(t, mmapguard.BeforeMap, func() { truncate(t, path, int64(4*page)) })
	if d := mapFile(t, path); d.Len() != 3*page {
		t.Errorf("the handle has %d bytes, want the size that was measured, %d", d.Len(), 3*page)
	}
}

func TestFileThatGrowsBeyondTheLimitDuringOpen(t *testing.T) {
	skipWhereLocksAreMandatory(t)
	path := newFile(t, page)
	during(t, mmapguard.AfterLock, func() { truncate(t, path, int64(3*page)) })
	_, err := mmapguard.MapFile(path, mmapguard.WithMaxSize(int64(page)))
	wantErr(t, err, mmapguard.ErrTooLarge, path)
}

func TestSizeBeyondTheAddressSpace(t *testing.T) {
	const size = 5 << 30
	path := newSparse(t, size)
	d, err := mmapguard.MapFile(path)
	if ^uint(0)>>32 == 0 {
		wantErr(t, err, mmapguard.ErrTooLarge, path)
		d, err = mmapguard.MapFile(path, mmapguard.WithRange(size-10, 10))
		if err != nil {
			t.Fatal(err)
		}
		wantContents(t, d, make([]byte, 10))
		closeOK(t, d)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 10)
	if n, err := d.ReadAt(p, size-10); n != 10 || err != nil || d.Size() != size {
		t.Errorf("the end of %d bytes: %d, %v", d.Size(), n, err)
	}
	closeOK(t, d)
}
