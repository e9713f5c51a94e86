package property

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"
)

// defaults are the number of random sequences, about how long each is, and that
// a failure leaves no file among the sources (it prints its seed), unless the
// flags say otherwise.
var defaults = map[string]string{"rapid.checks": "200", "rapid.steps": "50", "rapid.nofailfile": "true"}

// TestMain makes the test binary also the program that the attacks run in.
func TestMain(m *testing.M) {
	if role, ok := os.LookupEnv(roleEnv); ok {
		os.Exit(runRole(role))
	}
	flag.Parse()
	if err := prepare(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// prepare sets the defaults, and puts the temporary files
// where the environment wants them.
func prepare() error {
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range defaults {
		if given[name] {
			continue
		}
		if err := flag.Set(name, value); err != nil {
			return err
		}
	}
	dir, ok := os.LookupEnv("MMAPGUARD_TEST_DIR")
	if !ok {
		return nil
	}
	// t.TempDir prefers GOTMPDIR.
	if err := os.Unsetenv("GOTMPDIR"); err != nil {
		return err
	}
	return os.Setenv("TMPDIR", dir)
}

// snapshotCount is how many snapshots are to be taken per mechanism and attack.
func snapshotCount(t *testing.T) int {
	t.Helper()
	text, ok := os.LookupEnv("MMAPGUARD_SNAPSHOTS")
	if !ok {
		return 60
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("MMAPGUARD_SNAPSHOTS=%q: want a number of 1 or more", text)
	}
	return n
}
