package mmapguard_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

// exampleFile is a file to map, and a function that removes it.
func exampleFile(text string) (name string, remove func()) {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		log.Fatal(err)
	}
	name = filepath.Join(dir, "index")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}
	return name, func() { _ = os.RemoveAll(dir) }
}

// Copying out is the way that cannot go wrong: a file that shrinks meanwhile is
// an error that names it.
func ExampleMapFile() {
	name, remove := exampleFile("key=value\n")
	defer remove()

	d, err := mmapguard.MapFile(name)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = d.Close() }()

	buf := make([]byte, 5)
	if _, err := d.ReadAt(buf, 4); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(buf), d.Guarantee(), d.Mechanism())
	// Output: value Cooperative flock
}

// View lends the bytes without a copy, to code that wants a slice for a while.
func ExampleFileData_View() {
	name, remove := exampleFile("one two three")
	defer remove()

	d, err := mmapguard.MapFile(name)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = d.Close() }()

	words := 0
	err = d.View(func(b []byte) error {
		words = bytes.Count(b, []byte(" ")) + 1
		return nil
	})
	fmt.Println(words, err)
	// Output: 3 <nil>
}

// A reader has a position of its own, and works wherever an io.Reader does.
func ExampleFileData_NewReader() {
	name, remove := exampleFile("from the start\n")
	defer remove()

	d, err := mmapguard.MapFile(name)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = d.Close() }()

	if _, err := io.Copy(os.Stdout, d.NewReader()); err != nil {
		fmt.Println(err)
	}
	// Output: from the start
}

// What is not a file is read into private memory, up to a limit.
func ExampleLoadReader() {
	d, err := mmapguard.LoadReader(strings.NewReader("from a stream"), 1<<20)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = d.Close() }()
	fmt.Println(string(d.Bytes()), d.Backing(), d.Guarantee())

	_, err = mmapguard.LoadReader(strings.NewReader("from a stream"), 4)
	fmt.Println(errors.Is(err, mmapguard.ErrTooLarge))
	// Output:
	// from a stream Loaded Isolated
	// true
}
