package property

import (
	"math/rand/v2"
	"os"

	"golang.org/x/sys/unix"
)

// mapped is the writable shared map of a writer's file.
var mapped []byte

func (a *attack) holdMap() (err error) {
	if err := a.hold(); err != nil {
		return err
	}
	mapped, err = unix.Mmap(int(a.file.Fd()), 0, a.Size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	return err
}

// storeAscending stores a version from the first word to the last, with a pause
// somewhere in between.
func (a *attack) storeAscending() error {
	at := rand.IntN(a.Size/word) * word
	setVersion(mapped[:at], a.next)
	a.pause()
	setVersion(mapped[at:], a.next)
	a.pause()
	a.next++
	return nil
}

// storeAndSync does, too, what moves the file's times and write-protects the
// pages.
func (a *attack) storeAndSync() error {
	if err := a.storeAscending(); err != nil {
		return err
	}
	return unix.Msync(mapped, unix.MS_SYNC)
}

func (a *attack) holdDirect() (err error) {
	if a.file, err = os.OpenFile(a.Path, os.O_RDWR|unix.O_DIRECT, 0); err != nil {
		return err
	}
	mapped, err = unix.Mmap(-1, 0, a.Size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	return err
}

// writeDirect rewrites the file past the page cache, from aligned memory.
func (a *attack) writeDirect() error {
	a.pause()
	setVersion(mapped, a.next)
	a.next++
	return writeAll(a.file, mapped, 0)
}
