package chapters

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// What the README of guardvet shows is what it prints, of a package with just
// this mistake; and the exception that it shows keeps it silent.
func TestGuardvetSaysWhatItsREADMEShows(t *testing.T) {
	vet := filepath.Join(t.TempDir(), "guardvet")
	if runtime.GOOS == "windows" {
		vet += ".exe"
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", vet, "./tools/cmd/guardvet") // #nosec G204 -- a command of the repository
	build.Dir = repository
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), "go", "vet", "-vettool="+vet, "./testdata/store").CombinedOutput() // #nosec G204 -- just built
	if err == nil {
		t.Error("guardvet found nothing")
	}
	var reports []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "#") { // which names the package
			reports = append(reports, filepath.Base(strings.TrimSpace(line)))
		}
	}
	for _, b := range fenced(t, "README.md", read(t, "tools/guardvet/README.md"), true) {
		for _, line := range b.printed() {
			if b.info == "console" && (len(reports) != 1 || reports[0] != line) {
				t.Errorf("the README shows %q, and guardvet prints\n%s", line, out)
			}
		}
	}
	if text := read(t, "site/internal/chapters/testdata/store/store.go"); !strings.Contains(text, goParts[0].command) {
		t.Errorf("the package does not hold %q", goParts[0].command)
	}
}
