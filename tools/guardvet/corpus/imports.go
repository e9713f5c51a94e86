//go:build corpus

package main

// These imports keep the programs, and what they need, in go.mod.
import (
	_ "github.com/blevesearch/vellum/cmd/vellum/cmd"
	_ "github.com/blevesearch/zapx/v16/cmd/zap/cmd"
	_ "github.com/blugelabs/bluge/cmd/bluge/cmd"
	_ "github.com/couchbase/moss"
	_ "github.com/dgraph-io/badger/v4"
	_ "github.com/dgraph-io/badger/v4/badger/cmd"
	_ "github.com/google/codesearch/index"
	_ "github.com/ipld/go-car/v2"
	_ "github.com/oschwald/maxminddb-golang"
	_ "github.com/prometheus/prometheus/promql"
	_ "github.com/prometheus/prometheus/tsdb"
	_ "go.etcd.io/bbolt/cmd/bbolt/command"
)
