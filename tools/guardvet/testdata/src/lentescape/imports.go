package lentescape

import "github.com/mmapguard/go/mmapguard"

// The package that the fix needs is not imported here yet.
func unimported(d *mmapguard.FileData) error {
	return d.View(func(b []byte) error {
		global = b // want `assigned to package variable global`
		return nil
	})
}
