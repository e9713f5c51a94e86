package mmapguard_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// openRoot is a directory with one file, beside a file that must not be
// reached: number 2.
func openRoot(t *testing.T) (root *os.Root, dir, outside string) {
	t.Helper()
	outside = newFileNo(t, page, 2)
	dir = filepath.Join(filepath.Dir(outside), "root")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "inside"), contents(page, 1))
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return root, dir, outside
}

func TestMapFileIn(t *testing.T) {
	root, dir, _ := openRoot(t)
	d, err := mmapguard.MapFileIn(root, "inside")
	if err != nil {
		t.Fatal(err)
	}
	wantContents(t, d, contents(page, 1))
	if !lockedByUs(t, filepath.Join(dir, "inside")) {
		t.Error("not locked")
	}
	closeOK(t, d)
	_, err = mmapguard.MapFileIn(root, "missing")
	wantErr(t, err, fs.ErrNotExist, filepath.Join(dir, "missing"))
	_, err = mmapguard.MapFileIn(root, ".")
	wantErr(t, err, mmapguard.ErrNotRegular, dir)
	_, err = mmapguard.MapFileIn(root, "inside", mmapguard.WithMaxSize(1))
	wantErr(t, err, mmapguard.ErrTooLarge, filepath.Join(dir, "inside"))
	_, err = mmapguard.MapFileIn(nil, "inside")
	wantErr(t, err, fs.ErrInvalid, "inside")
}

func TestMapFileInNeverLeavesTheRoot(t *testing.T) {
	root, dir, outside := openRoot(t)
	links := map[string]string{
		"out":      "../data.bin",
		"absolute": outside,
		"up":       "..",
		"chain":    "out",
	}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip("needs symbolic links: ", err)
		}
	}
	for _, name := range []string{
		"../data.bin", "..", outside, "./../data.bin", "inside/../../data.bin",
		"out", "absolute", "up/data.bin", "chain", "",
	} {
		d, err := mmapguard.MapFileIn(root, name)
		if err == nil {
			t.Errorf("%q opened", name)
			closeOK(t, d)
			continue
		}
		var path *fs.PathError
		if !errors.As(err, &path) || path.Path != filepath.Join(dir, name) {
			t.Errorf("error %v about %q", err, name)
		}
	}
	needLink(t, "inside", filepath.Join(dir, "within"))
	d, err := mmapguard.MapFileIn(root, "within")
	if err != nil {
		t.Fatalf("a link that stays inside: %v", err)
	}
	wantContents(t, d, contents(page, 1))
	closeOK(t, d)
}

// A link that is swapped all the time leads outside now and then; the file out
// there is never what comes back, whatever moment the open meets.
func TestMapFileInWithALinkSwappedDuringOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs symbolic links that anybody may make")
	}
	root, dir, _ := openRoot(t)
	link, stop := filepath.Join(dir, "link"), make(chan struct{})
	var hammer sync.WaitGroup
	hammer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			to := []string{"inside", "../data.bin"}[i%2]
			if err := errors.Join(os.Symlink(to, link+".new"), os.Rename(link+".new", link)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	opened, refused := 0, 0
	for i := 0; (i < 2000 || opened == 0 || refused == 0) && i < 200_000; i++ {
		d, err := mmapguard.MapFileIn(root, "link")
		if err != nil {
			refused++
			continue
		}
		opened++
		wantContents(t, d, contents(page, 1))
		closeOK(t, d)
	}
	close(stop)
	hammer.Wait()
	if opened == 0 || refused == 0 {
		t.Errorf("opened %d times, refused %d times: the link was not swapped", opened, refused)
	}
}
