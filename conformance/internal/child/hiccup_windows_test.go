package child

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/windows"
)

// TestAgainAfterAHiccup tries as often as it may, and no more.
func TestAgainAfterAHiccup(t *testing.T) {
	hiccup := &os.PathError{Op: "fork/exec", Path: "program", Err: windows.ERROR_INTERNAL_ERROR}
	n := 0
	err := Again(func() error {
		if n++; n == 2 {
			return nil
		}
		return hiccup
	})
	if n != 2 || err != nil {
		t.Errorf("%d attempts, %v", n, err)
	}
	n = 0
	if err := Again(func() error { n++; return hiccup }); n != 1+startRetries || !errors.Is(err, hiccup.Err) {
		t.Errorf("%d attempts, %v", n, err)
	}
}
