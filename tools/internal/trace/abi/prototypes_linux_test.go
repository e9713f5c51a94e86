package abi_test

import (
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/abi/internal/origin"
)

// The running kernel describes its calls as the table does, as far as both know
// them: other versions have calls more, or fewer.
func TestPrototypesAreTheKernels(t *testing.T) {
	prototypes, err := origin.Prototypes()
	if err != nil {
		t.Skipf("the kernel's description cannot be read: %v", err)
	}
	compared := 0
	for name, described := range prototypes {
		params := abi.Params(name)
		if len(params) == 6 && params[0].Name == "arg1" {
			continue // newer than the table
		}
		var names []string
		for field := range strings.SplitSeq(described, ",") {
			names = append(names, field[strings.LastIndexByte(field, ' ')+1:])
		}
		var have []string
		for _, p := range params {
			have = append(have, p.Name)
		}
		if strings.Join(names, " ") != strings.Join(have, " ") {
			t.Errorf("%s(%q), in the table (%q)", name, names, have)
		}
		compared++
	}
	t.Logf("%d calls", compared)
}
