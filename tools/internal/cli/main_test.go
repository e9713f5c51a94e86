package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/cli/demo"
)

// The demonstration starts its program again for its parts; here that is the test
// binary.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == demo.ReaderRole || os.Args[1] == demo.WriterRole) {
		os.Exit(Main())
	}
	// The race detector delays the end of every process by a second, and the
	// demonstration has a time limit.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// result is the outcome of one command line.
type result struct {
	code        int
	out, stderr string
}

func run(t *testing.T, args ...string) result {
	t.Helper()
	return runIn(t.Context(), t, args...)
}

func runIn(ctx context.Context, t *testing.T, args ...string) result {
	t.Helper()
	t.Setenv("COLUMNS", "1000")
	var out, stderr bytes.Buffer
	code := Run(ctx, args, &out, &stderr)
	return result{code, out.String(), stderr.String()}
}

// want checks the exit code, and that the texts are in the output or, if they
// begin with "!", on standard error.
func (r result) want(t *testing.T, code int, texts ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d", r.code, code)
	}
	for _, text := range texts {
		where := r.out
		text, isError := strings.CutPrefix(text, "!")
		if isError {
			where = r.stderr
		}
		if !strings.Contains(where, text) {
			t.Errorf("%q is not in:\n%s%s", text, r.out, r.stderr)
		}
	}
}

// decode parses the output.
func decode[T any](t *testing.T, r result) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(r.out), &v); err != nil {
		t.Fatalf("%v in:\n%s", err, r.out)
	}
	return v
}

// file makes a file with the given content.
func file(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
