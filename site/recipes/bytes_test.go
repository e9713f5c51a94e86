package recipes_test

import (
	"bytes"
	"fmt"

	"github.com/mmapguard/go/mmapguard"
)

func Example_bytes() {
	path, remove := newFile("words", []byte("one two three"))
	defer remove()
	fmt.Println(readWord(path))
	fmt.Println(countWords(path))
	fmt.Println(lastWord(path))
	// Output:
	// two <nil>
	// 3 <nil>
	// three <nil>
}

// ANCHOR: readat

func readWord(name string) (string, error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = d.Close() }()

	word := make([]byte, 3)
	_, err = d.ReadAt(word, 4)
	return string(word), err
}

// ANCHOR_END: readat

// ANCHOR: view

func countWords(name string) (words int, err error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = d.Close() }()

	err = d.View(func(b []byte) error {
		words = len(bytes.Fields(b)) // the number leaves, the slice does not
		return nil
	})
	return words, err
}

// ANCHOR_END: view

// ANCHOR: bytes

func lastWord(name string) (string, error) {
	d, err := mmapguard.MapFile(name, mmapguard.WithGuarantee(mmapguard.Isolated))
	if err != nil {
		return "", err
	}
	defer func() { _ = d.Close() }()

	b := d.Bytes()
	return string(b[bytes.LastIndexByte(b, ' ')+1:]), nil
}

// ANCHOR_END: bytes
