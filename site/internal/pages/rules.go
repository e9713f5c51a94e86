package pages

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// rules is the table of those that the library's system calls are held to.
func (s *Source) rules(context.Context, []string) (string, error) {
	content, err := os.ReadFile(filepath.Join(s.Repository, "conformance", "rules", "library.yaml")) // #nosec G304 -- of the repository
	if err != nil {
		return "", err
	}
	var file struct {
		Rules []struct{ ID, Requirement, Text string }
	}
	if err := yaml.Unmarshal(content, &file); err != nil {
		return "", fmt.Errorf("conformance/rules/library.yaml: %w", err)
	}
	if len(file.Rules) == 0 {
		return "", errors.New("conformance/rules/library.yaml has no rules")
	}
	var b strings.Builder
	b.WriteString("| rule | for | says |\n|---|---|---|\n")
	for _, r := range file.Rules {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.ID, r.Requirement, cell(r.Text))
	}
	return b.String(), nil
}
