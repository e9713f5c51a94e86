package recipes_test

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: recipe

// readMember reads one member of an archive. The directory at the archive's end
// and the member's own bytes are all that is touched, however large the rest is.
func readMember(archive, member string) ([]byte, error) {
	d, err := mmapguard.MapFile(archive, mmapguard.WithRandom())
	if err != nil {
		return nil, err
	}
	defer func() { _ = d.Close() }()

	z, err := zip.NewReader(d, d.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", archive, err)
	}
	f, err := z.Open(member)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", archive, err)
	}
	text, err := io.ReadAll(f)
	return text, errors.Join(err, f.Close())
}

// ANCHOR_END: recipe

func Example_zip() {
	path, remove := newFile("release.zip", zipped("NOTES", "safe to map\n"))
	defer remove()

	text, err := readMember(path, "NOTES")
	fmt.Printf("%s%v\n", text, err)
	// Output:
	// safe to map
	// <nil>
}
