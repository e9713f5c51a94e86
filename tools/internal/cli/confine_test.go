package cli

import (
	"testing"

	"github.com/mmapguard/go/mmapguard/confine"
)

// No more is said of Landlock than it does.
func TestChangesPrevented(t *testing.T) {
	for want, layer := range map[string]confine.Layer{
		"changing files elsewhere is not prevented: no Landlock: old":                   {Name: "Landlock", Missing: "old"},
		"changing files elsewhere, but for truncating them, is prevented by Landlock 2": {Name: "Landlock", Active: true, Version: 2},
		"changing files elsewhere is prevented by Landlock 3":                           {Name: "Landlock", Active: true, Version: 3},
	} {
		if got := changesPrevented(layer); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
