package recipes_test

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: recipe

// openModel opens a file with the strongest guarantee that costs no copy here,
// and copies where nothing less will do: on a system without mappings, in a
// browser, or when mappings are switched off.
func openModel(name string, mapping bool) (*mmapguard.FileData, error) {
	if mapping {
		d, err := mmapguard.MapFile(name, mmapguard.WithGuarantee(mmapguard.Enforced))
		if !errors.Is(err, mmapguard.ErrUnsupported) {
			return d, err
		}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	d, err := mmapguard.LoadReader(f, 1<<30)
	return d, errors.Join(err, f.Close())
}

// ANCHOR_END: recipe

func Example_gated() {
	path, remove := newFile("model", []byte("weights"))
	defer remove()

	for _, mapping := range []bool{true, false} {
		d, err := openModel(path, mapping)
		must(err)
		text, err := io.ReadAll(d.NewReader())
		fmt.Println(string(text), err, d.Guarantee() >= mmapguard.Enforced)
		must(d.Close())
	}
	// Output:
	// weights <nil> true
	// weights <nil> true
}
