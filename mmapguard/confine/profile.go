package confine

import (
	_ "embed"
	"slices"
)

//go:embed profile.json
var profileJSON []byte

// Profile is the filter's source: a seccomp profile as the OCI runtime
// specification defines it, so that a container can be held to it as well. It
// covers the 64-bit processors whose numbers for calls it names by their names.
func Profile() []byte { return slices.Clone(profileJSON) }
