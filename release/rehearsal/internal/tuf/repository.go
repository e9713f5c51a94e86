package tuf

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"
)

// target is the one file that verifiers ask for.
const target = "trusted_root.json"

// Repository holds the files of a mirror, by their path.
type Repository map[string][]byte

// New makes the repository that hands out trusted, until the given time.
func New(trusted []byte, until time.Time) (Repository, error) {
	targets := metadata.Targets(until)
	file, err := metadata.TargetFile().FromBytes(target, trusted, "sha256")
	if err != nil {
		return nil, fmt.Errorf("describe %s: %w", target, err)
	}
	targets.Signed.Targets[target] = file
	repository := Repository{}
	if repository["1.targets.json"], err = signed(targets); err != nil {
		return nil, err
	}
	if repository["1.snapshot.json"], err = signed(metadata.Snapshot(until)); err != nil {
		return nil, err
	}
	if repository["timestamp.json"], err = signed(metadata.Timestamp(until)); err != nil {
		return nil, err
	}
	repository["targets/"+hex.EncodeToString(file.Hashes["sha256"])+"."+target] = trusted
	return repository, nil
}

// Swapped is the repository with another trusted root in the place of its own:
// what somebody who holds the mirror, but not its key, could do.
func (r Repository) Swapped(trusted []byte) Repository {
	swapped := Repository{}
	for path, data := range r {
		if strings.HasPrefix(path, "targets/") {
			data = trusted
		}
		swapped[path] = data
	}
	return swapped
}
