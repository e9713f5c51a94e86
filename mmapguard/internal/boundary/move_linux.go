package boundary

import "golang.org/x/sys/unix"

// MoveTo puts the region's memory at the place of another region of the same
// length, in one step: whoever reads there finds the old bytes or the new ones,
// and at no moment none (mremap(2), MREMAP_FIXED). The range moved from is gone.
func (r Region) MoveTo(place Region) error {
	_, err := unix.MremapPtr(r.base, uintptr(r.size), place.base, uintptr(place.size), unix.MREMAP_MAYMOVE|unix.MREMAP_FIXED)
	return err
}

// MapOver maps another file, read-only, at the place of the region, in one step
// as well (mmap(2), MAP_FIXED).
func (r Region) MapOver(fd uintptr, off int64) error {
	_, err := unix.MmapPtr(int(fd), off, r.base, uintptr(r.size), unix.PROT_READ, unix.MAP_SHARED|unix.MAP_FIXED)
	return err
}
