package recipes_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: recipe

// printHeader prints the first bytes of a file.
func printHeader(name string) error {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return err // not there, locked by a writer, empty, a pipe, …: errors.Is tells
	}
	defer func() { _ = d.Close() }()

	header := make([]byte, 8)
	_, err = d.ReadAt(header, 0)

	var fault *mmapguard.FaultError
	if errors.As(err, &fault) {
		log.Printf("%s can no longer be read at offset %d", fault.Name, fault.Offset)
	}
	if err == nil {
		fmt.Printf("%q\n", header)
	}
	return err
}

// ANCHOR_END: recipe

func Example_start() {
	path, remove := newFile("index.bin", []byte("MAGIC 1\nand the rest"))
	defer remove()

	fmt.Println(printHeader(path))
	// Output:
	// "MAGIC 1\n"
	// <nil>
}
