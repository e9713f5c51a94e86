package render

import (
	"fmt"
	"strings"

	"github.com/mmapguard/go/tools/internal/assure/model"
)

// assure is how the command is run from the repository's root.
const assure = "go run ./tools/cmd/assure"

// Command is what shows a piece of evidence, from the repository's root.
func Command(e model.Evidence) string {
	switch e.Kind {
	case "case":
		prefix, name, _ := strings.Cut(e.Name, "/")
		return fmt.Sprintf("go test ./conformance -count=1 -v -run '^TestConformance$/^%s$/^%s$'", prefix, name)
	case "test", "fuzz":
		i := strings.LastIndex(e.Name, ".")
		return fmt.Sprintf("go test ./%s -count=1 -v -run '^%s$'", e.Name[:i], e.Name[i+1:])
	case "check":
		return assure + " check " + e.Name
	case "linter":
		return "tools/lint/run golangci-lint run --enable-only " + e.Name + " ./mmapguard/..."
	case "recipe":
		return "just " + e.Name
	case "stage":
		return ".ci/run"
	case "job":
		file, _, _ := strings.Cut(e.Name, "/")
		return "gh workflow run " + file
	}
	name, text, _ := strings.Cut(e.Name, "#")
	if text == "" {
		return "ls " + name
	}
	return fmt.Sprintf("grep -n -F %q %s", text, name)
}

// Without is the same command with a countermeasure taken away; for evidence
// that is not a test there is none.
func Without(e model.Evidence, mutant string) string {
	if e.Kind != "case" && e.Kind != "test" && e.Kind != "fuzz" {
		return VerifyCommand(mutant)
	}
	return strings.Replace(Command(e), "go test ", fmt.Sprintf("go test -overlay \"$(%s overlay %s)\" ", assure, mutant), 1)
}

// VerifyCommand tries to refute what an id stands for.
func VerifyCommand(id string) string { return assure + " verify --fresh --claim " + id }
