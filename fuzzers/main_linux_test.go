package fuzzers

import (
	"os"
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/peer"
)

func TestMain(m *testing.M) {
	peer.Main() // does not return in the other process
	os.Exit(m.Run())
}
