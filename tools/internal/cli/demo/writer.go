package demo

import (
	"encoding/json"
	"io"
	"os"
	"time"
)

// Truncate is the role of the process that writes: it shortens the file and tells
// how that went. The kernel may make it wait.
func Truncate(name string, out io.Writer) error {
	start := time.Now()
	err := os.Truncate(name, KeptSize)
	w := Writer{Took: time.Since(start)}
	if err != nil {
		w.Error = err.Error()
	}
	return json.NewEncoder(out).Encode(w)
}
