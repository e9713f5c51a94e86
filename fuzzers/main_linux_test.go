package fuzzers

import (
	"fmt"
	"os"
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/peer"
	"github.com/mmapguard/go/fuzzers/internal/scratch"
)

func TestMain(m *testing.M) {
	peer.Main() // does not return in the other process
	code := m.Run()
	if err := scratch.Remove(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
