package recipes_test

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: recipe

// advise says what a user can do about an error.
func advise(err error) string {
	var fault *mmapguard.FaultError
	switch {
	case err == nil:
		return "nothing"
	case errors.As(err, &fault):
		return fmt.Sprintf("open %s again: it ended at %d or so", fault.Name, fault.Offset)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return "check the name and the rights"
	case errors.Is(err, mmapguard.ErrLocked), errors.Is(err, mmapguard.ErrChanged):
		return "try again when the writer is done"
	case errors.Is(err, mmapguard.ErrNotRegular):
		return "load it as a stream"
	case errors.Is(err, mmapguard.ErrUnsupported):
		return "ask for less, or copy"
	}
	return err.Error()
}

// ANCHOR_END: recipe

func Example_errors() {
	path, remove := newFile("words", []byte("one"))
	defer remove()

	for _, name := range []string{path, path + ".missing", "/dev/null"} {
		d, err := mmapguard.MapFile(name)
		fmt.Println(advise(err))
		if err == nil {
			must(d.Close())
		}
	}
	// Output:
	// nothing
	// check the name and the rights
	// load it as a stream
}
