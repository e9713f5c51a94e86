package recipes_test

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: recipe

// countLines is a tool that takes files, or standard input by the name "-". A
// file is mapped, whatever its size; a stream is read, up to 1 GiB.
func countLines(out io.Writer, names ...string) error {
	for _, name := range names {
		d, err := mmapguard.Load(name, mmapguard.WithSequential())
		if err != nil {
			return err
		}
		lines := 0
		err = d.View(func(b []byte) error {
			lines = bytes.Count(b, []byte("\n"))
			return nil
		})
		if closeErr := d.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, lines, name); err != nil {
			return err
		}
	}
	return nil
}

// ANCHOR_END: recipe

func Example_stdin() {
	path, remove := newFile("poem", []byte("one\ntwo\n"))
	defer remove()
	must(os.Chdir(path[:len(path)-len("poem")]))

	fmt.Println(countLines(os.Stdout, "poem"))
	// Output:
	// 2 poem
	// <nil>
}
