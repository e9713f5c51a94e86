// Package mmapguard has the declarations of the library that the tests use, and
// no code. TestStubs holds them against the real ones.
package mmapguard

import "io"

type FileData struct{ _ int }

type Option func(*config)

type config struct{ _ int }

type Reader struct{ _ int }

func MapFile(name string, opts ...Option) (*FileData, error)

func Load(name string, opts ...Option) (*FileData, error)

func (d *FileData) Bytes() []byte
func (d *FileData) Close() error
func (d *FileData) Len() int
func (d *FileData) NewReader() *Reader
func (d *FileData) ReadAt(p []byte, off int64) (n int, err error)
func (d *FileData) View(fn func(b []byte) error) error
func (d *FileData) ViewRange(off, n int64, fn func(b []byte) error) error
func (d *FileData) WriteTo(w io.Writer) (int64, error)

func (r *Reader) Read(p []byte) (int, error)
