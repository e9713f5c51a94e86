package main

// A program is a public module that maps files.
type program struct {
	module string
	// packages are those that map, and those that use what these map.
	packages []string
	maps     string
}

// programs are pinned by go.mod. They map in every way that guardvet knows.
var programs = []program{
	{"go.etcd.io/bbolt", []string{"go.etcd.io/bbolt/..."}, "`unix.Mmap`"},
	{"github.com/prometheus/prometheus", []string{
		"github.com/prometheus/prometheus/tsdb/...", "github.com/prometheus/prometheus/promql",
	}, "`tsdb/fileutil`, `mmap-go`"},
	{"github.com/dgraph-io/badger/v4", []string{"github.com/dgraph-io/badger/v4", "github.com/dgraph-io/badger/v4/table", "github.com/dgraph-io/badger/v4/badger/cmd", "github.com/dgraph-io/ristretto/v2/z"}, "`ristretto/z`"},
	{"github.com/oschwald/maxminddb-golang", []string{"github.com/oschwald/maxminddb-golang"}, "`unix.Mmap`"},
	{"github.com/blevesearch/zapx/v16", []string{"github.com/blevesearch/zapx/v16/..."}, "`blevesearch/mmap-go`"},
	{"github.com/blevesearch/vellum", []string{"github.com/blevesearch/vellum/..."}, "`blevesearch/mmap-go`"},
	{"github.com/blugelabs/bluge", []string{"github.com/blugelabs/bluge/index", "github.com/blugelabs/bluge/index/lock", "github.com/blugelabs/ice"}, "`blevesearch/mmap-go`"},
	{"github.com/couchbase/moss", []string{"github.com/couchbase/moss/..."}, "`edsrzf/mmap-go`"},
	{"github.com/google/codesearch", []string{"github.com/google/codesearch/..."}, "`syscall.Mmap`"},
	{"github.com/ipld/go-car/v2", []string{"github.com/ipld/go-car/v2/..."}, "`x/exp/mmap`"},
}
