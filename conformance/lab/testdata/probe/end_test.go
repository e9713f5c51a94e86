//go:build linux

package probe

import (
	"fmt"
	"os"
	"testing"
)

// endEnv names the way in which TestEnd ends.
const endEnv = "MMAPGUARD_PROBE_END"

// TestEnd ends as its caller wants.
func TestEnd(t *testing.T) {
	switch how := os.Getenv(endEnv); how {
	case "exit":
		fmt.Println("to stdout")
		fmt.Fprintln(os.Stderr, "to stderr")
		os.Exit(42)
	case "panic":
		// The kernel's, not Go's.
		fmt.Println("still here")
		if err := os.WriteFile("/proc/sysrq-trigger", []byte("c"), 0); err != nil {
			t.Fatal(err)
		}
	case "hang":
		fmt.Println("still here")
		select {}
	case "testdata":
		text, err := os.ReadFile("testdata/hello")
		fmt.Println(string(text), err)
		st, err := os.Stat("here.go")
		fmt.Println(st.Name(), err)
		fmt.Println(os.TempDir())
	case "":
		t.Skip(endEnv + " is not set")
	default:
		t.Fatalf("%s=%q", endEnv, how)
	}
}
