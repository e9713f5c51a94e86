// Package mmap has the declarations that the tests use; see TestStubs.
package mmap

type ReaderAt struct{ _ int }

func Open(filename string) (*ReaderAt, error)

func (r *ReaderAt) At(i int) byte
func (r *ReaderAt) Close() error
func (r *ReaderAt) Len() int
