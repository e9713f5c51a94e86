//go:build unix && !aix

package mmapguard_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// bytesOf maps a file and loses the handle; only the slice is left.
//
//go:noinline
func bytesOf(path string) ([]byte, error) {
	//guardvet:ignore neverclosed the handle is lost on purpose
	d, err := mmapguard.MapFile(path)
	if err != nil {
		return nil, err
	}
	return d.Bytes(), nil
}

// A slice into a mapping keeps no handle alive, the registry does. It runs in a
// process of its own: without the registry the read may end it.
var _ = role("pinned", func(args []string) error {
	b, err := bytesOf(args[0])
	if err != nil {
		return err
	}
	for range 20 {
		runtime.GC()
	}
	if mmapguard.Pinned() != 1 {
		return fmt.Errorf("%d handles are pinned, want 1", mmapguard.Pinned())
	}
	if answer, err := tryLock(args[0], nil); err != nil || answer != "busy" {
		return errors.Join(fmt.Errorf("the lock is %s, want it held", answer), err)
	}
	inode := byte(0)
	if at := misplaced(b, 0, 1, &inode); at >= 0 || b[0] == 0 {
		return fmt.Errorf("wrong byte at %d", at)
	}
	return nil
})

func TestTrap10_BytesPinTheMapping(t *testing.T) {
	runOK(t, "pinned", newFile(t, 4*page))
}

func TestTrap10_CloseUnpins(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	before := mmapguard.Pinned()
	first, second := d.Bytes(), d.Bytes()
	if first == nil || second == nil || mmapguard.Pinned() != before+1 {
		t.Errorf("%d handles are pinned, want %d", mmapguard.Pinned(), before+1)
	}
	closeOK(t, d)
	if mmapguard.Pinned() != before || d.Bytes() != nil {
		t.Errorf("after Close %d handles are pinned, want %d", mmapguard.Pinned(), before)
	}
}

//go:noinline
func readerOf(t *testing.T, path string) io.Reader {
	d, err := mmapguard.MapFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return d.NewReader()
}

func TestTrap10_ReaderKeepsItsHandle(t *testing.T) {
	path := newFile(t, page)
	r := readerOf(t, path)
	for range 20 {
		runtime.GC()
	}
	if !lockedByUs(t, path) {
		t.Error("the lock is gone while a Reader is there")
	}
	if b, err := io.ReadAll(r); err != nil || len(b) != page {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

func TestTrap10_ViewKeepsItsHandle(t *testing.T) {
	path := newFile(t, page)
	//guardvet:ignore neverclosed the collector could close it, and must not
	d, err := mmapguard.MapFile(path)
	if err != nil {
		t.Fatal(err)
	}
	err = d.View(func(b []byte) error {
		for range 20 {
			runtime.GC()
		}
		if !lockedByUs(t, path) {
			t.Error("the lock is gone during a View")
		}
		touch(b, 0)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTrap10_DroppedHandleIsReleased(t *testing.T) {
	path := newFile(t, page)
	func() {
		d, err := mmapguard.MapFile(path)
		if err != nil {
			t.Fatal(err)
		}
		runtime.KeepAlive(d)
	}()
	if !collectUntil(func() bool { return !lockedByUs(t, path) }) {
		t.Error("the lock of a dropped handle is still held")
	}
}

// No run can show a missing KeepAlive reliably: the collector would have to
// strike within nanoseconds. So the source is read: a method of a handle that
// guards, counts or closes must keep it to its end.
func TestTrap10_EveryMethodKeepsItsHandle(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skip("the package's sources are not in the working directory")
	}
	files, found := token.NewFileSet(), 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !isHandleMethod(fn) || !calls(fn, "guard", "enter", "close") {
				continue
			}
			found++
			if !calls(fn, "KeepAlive") {
				t.Errorf("%s: %s does not keep its handle", files.Position(fn.Pos()), fn.Name.Name)
			}
		}
	}
	if found < 4 {
		t.Errorf("found %d methods that need it, want copyOut, lend, Changed and Close at least", found)
	}
}

func isHandleMethod(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return false
	}
	star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := star.X.(*ast.Ident)
	return ok && name.Name == "FileData"
}

// calls tells whether a function calls one of the given names, as a function
// or as a method.
func calls(fn *ast.FuncDecl, names ...string) (found bool) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		called := ""
		switch f := call.Fun.(type) {
		case *ast.Ident:
			called = f.Name
		case *ast.SelectorExpr:
			called = f.Sel.Name
		}
		for _, name := range names {
			found = found || called == name
		}
		return true
	})
	return found
}
