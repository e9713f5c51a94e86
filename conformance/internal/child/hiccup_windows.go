package child

import (
	"errors"

	"golang.org/x/sys/windows"
)

// hiccup tells the "Internal error" with which CreateProcess fails under Wine
// when several processes are started at once; the next attempt succeeds.
func hiccup(err error) bool { return errors.Is(err, windows.ERROR_INTERNAL_ERROR) }
