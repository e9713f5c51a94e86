package flow

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

// views are functions of the standard library whose result shares memory with
// an argument. Of packages bytes and strings all those do whose name begins so.
var (
	views = map[string]bool{
		"bufio.NewReader": true, "bufio.NewReaderSize": true, "bufio.NewScanner": true,
		"bytes.NewReader": true, "bytes.NewBuffer": true,
		"strings.NewReader": true,
		"slices.Clip":       true, "slices.Chunk": true,
		"(*bytes.Buffer).Bytes": true, "(*bufio.Scanner).Bytes": true,
	}
	viewNames = []string{"Cut", "Fields", "Lines", "Split", "Trim"}
)

// passesOn tells whether a call's result shares memory with an argument.
func passesOn(c *ssa.CallCommon) bool {
	name := mapping.Callee(c)
	if views[name] {
		return true
	}
	pkg, name, _ := strings.Cut(name, ".")
	if pkg != "bytes" && pkg != "strings" {
		return false
	}
	for _, prefix := range viewNames {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// keepers are functions of the standard library that store an argument in their
// receiver or first argument.
var keepers = map[string]bool{
	"(*container/list.List).PushBack": true, "(*container/list.List).PushFront": true,
	"(*container/list.List).InsertBefore": true, "(*container/list.List).InsertAfter": true,
	"(*sync.Map).Store": true, "(*sync.Map).LoadOrStore": true, "(*sync.Map).Swap": true, "(*sync.Map).CompareAndSwap": true,
	"(*sync/atomic.Value).Store": true, "(*sync/atomic.Value).Swap": true,
	"(*sync/atomic.Pointer).Store": true, "(*sync/atomic.Pointer).Swap": true,
	"(*sync/atomic.Pointer[T]).Store": true, "(*sync/atomic.Pointer[T]).Swap": true,
	"(*sync.Pool).Put": true,
}

// starters are functions that call an argument in another goroutine.
var starters = map[string]bool{
	"time.AfterFunc": true, "context.AfterFunc": true, "(*sync.WaitGroup).Go": true,
	"(*golang.org/x/sync/errgroup.Group).Go": true, "(*golang.org/x/sync/errgroup.Group).TryGo": true,
	"runtime.SetFinalizer": true, "runtime.AddCleanup": true,
}
