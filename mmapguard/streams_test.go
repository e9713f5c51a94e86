package mmapguard_test

import (
	"io"
	"os"
	"testing"
)

// drain reads a stream to its end in the background, until the test ends; the
// test has to close the other end.
func drain(t testing.TB, r io.ReadCloser) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(io.Discard, r)
	}()
	t.Cleanup(func() {
		<-done
		_ = r.Close()
	})
}

func openRaw(t testing.TB, path string) *os.File {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

type writerFunc func(b []byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
