// Command guardvet reports uses of mapped bytes that no library can make safe.
// It runs by itself and as go vet's tool:
//
//	guardvet ./...
//	go vet -vettool=$(which guardvet) ./...
//
// See guardvet help, and package guardvet.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/mmapguard/go/tools/guardvet"
)

func main() { multichecker.Main(guardvet.Analyzers()...) }
