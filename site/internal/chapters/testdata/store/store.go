// Package store has the mistake that the README of guardvet shows, in line 41,
// and the exception that it shows.
package store

import (
	"errors"

	"github.com/mmapguard/go/mmapguard"
)

// Forever opens a file for as long as the program runs.
func Forever(name string) (int64, error) {
	//guardvet:ignore neverclosed the collector is to close it
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return 0, err
	}
	return d.Size(), nil
}

// Store is a file of values of one size.
type Store struct {
	d     *mmapguard.FileData
	width int64
}

// Open opens a store.
func Open(name string, width int64) (*Store, error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return nil, err
	}
	return &Store{d, width}, nil
}

// Get is value i. It is wrong: the bytes are lent, and outlive the loan,
// which guardvet reports.
func (s *Store) Get(i int64) ([]byte, error) {
	var out []byte
	err := s.d.ViewRange(i*s.width, s.width, func(b []byte) error {
		out = b
		return nil
	})
	return out, errors.Join(err)
}
