package recipes_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"sort"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: recipe

// Table finds the country of an IPv4 address in a file of sorted records: the
// first address of a range, big-endian, and two letters.
type Table struct{ d *mmapguard.FileData }

const recordSize = 6

// OpenTable opens the file as it is now. A new version of the table, written in
// place or renamed over it, shows in tables that are opened later.
func OpenTable(name string) (*Table, error) {
	d, err := mmapguard.MapFile(name, mmapguard.WithGuarantee(mmapguard.Enforced), mmapguard.WithRandom())
	if err != nil {
		return nil, err
	}
	return &Table{d}, nil
}

// Country may be called by many goroutines at once; none of them waits for
// another.
func (t *Table) Country(addr netip.Addr) (country string, err error) {
	wanted := addr.As4()
	key := binary.BigEndian.Uint32(wanted[:])
	err = t.d.View(func(b []byte) error {
		records := len(b) / recordSize
		after := sort.Search(records, func(i int) bool {
			return binary.BigEndian.Uint32(b[i*recordSize:]) > key
		})
		if after > 0 {
			record := b[(after-1)*recordSize:][:recordSize]
			country = string(record[4:]) // a copy: it outlives the view
		}
		return nil
	})
	return country, err
}

// Close ends the use of the file; lookups that are under way end well.
func (t *Table) Close() error { return t.d.Close() }

// ANCHOR_END: recipe

func Example_lookup() {
	records := []byte{10, 0, 0, 0, 'A', 'A', 20, 0, 0, 0, 'B', 'B'}
	path, remove := newFile("countries", records)
	defer remove()

	table, err := OpenTable(path)
	must(err)
	defer func() { _ = table.Close() }()
	fmt.Println(table.Country(netip.MustParseAddr("10.200.3.4")))
	fmt.Println(table.Country(netip.MustParseAddr("20.0.0.0")))
	// Output:
	// AA <nil>
	// BB <nil>
}
