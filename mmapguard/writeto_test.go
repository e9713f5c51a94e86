package mmapguard_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

var errWriter = errors.New("the writer's own")

func TestWriteToAnyWriter(t *testing.T) {
	const n = 300_000
	want := contents(n+16, 1)[8 : n+8]
	for name, d := range handles(t, n) {
		var buf bytes.Buffer
		if got, err := d.WriteTo(&buf); got != n || err != nil || !bytes.Equal(buf.Bytes(), want) {
			t.Errorf("%s: WriteTo: %d, %v", name, got, err)
		}
		buf.Reset()
		if got, err := io.Copy(&buf, d.NewReader()); got != n || err != nil || !bytes.Equal(buf.Bytes(), want) {
			t.Errorf("%s: io.Copy: %d, %v", name, got, err)
		}
	}
}

func TestWriteToOfHostileWriters(t *testing.T) {
	for name, d := range handles(t, 1000) {
		for what, c := range map[string]struct {
			n    int
			err  error
			want error
		}{
			"short":                {7, nil, io.ErrShortWrite},
			"error":                {7, errWriter, errWriter},
			"nothing and no error": {0, nil, io.ErrShortWrite},
			"negative":             {-1, nil, nil},
			"negative and error":   {math.MinInt, errWriter, nil},
			"too many":             {1001, nil, nil},
			"all with error":       {1000, errWriter, errWriter},
		} {
			n, err := d.WriteTo(writerFunc(func([]byte) (int, error) { return c.n, c.err }))
			wantN := int64(c.n)
			if c.n < 0 || c.n > 1000 {
				wantN = 0
			}
			if n != wantN || err == nil || (c.want != nil && !errors.Is(err, c.want)) {
				t.Errorf("%s, %s: %d, %v, want %d, %v", name, what, n, err, wantN, c.want)
			}
		}
	}
}

func TestWriteToLetsAPanicThrough(t *testing.T) {
	for name, d := range handles(t, 1000) {
		func() {
			defer func() {
				if got := recover(); got != "mine" || faultMode() || mmapguard.Views(d) != 0 {
					t.Errorf("%s: recovered %v, fault mode %v, %d views", name, got, faultMode(), mmapguard.Views(d))
				}
			}()
			_, _ = d.WriteTo(writerFunc(func([]byte) (int, error) { panic("mine") }))
		}()
	}
}

func TestWriteToAFileAndASocket(t *testing.T) {
	const n = 10 << 20 // more than a chunk
	d := mapFile(t, newFile(t, n))
	want := contents(n, 1)
	out := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.WriteTo(f); got != n || err != nil {
		t.Errorf("WriteTo a file: %d, %v", got, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the file has %d bytes, %v", len(got), err)
	}
	if n, err := d.WriteTo(f); n != 0 || !errors.Is(err, os.ErrClosed) {
		t.Errorf("WriteTo a closed file: %d, %v", n, err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("needs a loopback interface: ", err)
	}
	defer func() { _ = l.Close() }()
	sent := make(chan error, 1)
	go func() { sent <- send(l.Addr().String(), d, n) }()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if got, err := io.ReadAll(conn); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the socket gave %d bytes, %v", len(got), err)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}

func send(addr string, d *mmapguard.FileData, n int64) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	sent, err := d.WriteTo(conn)
	if err == nil && sent != n {
		err = fmt.Errorf("sent %d bytes of %d", sent, n)
	}
	return errors.Join(err, conn.Close())
}

// embedded is no kernel writer: what its Write does is its own business.
type embedded struct {
	*os.File
	t   *testing.T
	raw *byte
}

func (e embedded) Write(b []byte) (int, error) {
	if &b[0] == e.raw {
		e.t.Error("a type that embeds an *os.File got the mapping itself")
	}
	return len(b), nil
}

func TestWriteToATypeThatEmbedsAFile(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	w := embedded{nil, t, &d.Bytes()[0]}
	for _, w := range []io.Writer{w, &w} {
		if n, err := d.WriteTo(w); n != int64(page) || err != nil {
			t.Errorf("WriteTo: %d, %v", n, err)
		}
	}
}
