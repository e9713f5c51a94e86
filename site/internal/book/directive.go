package book

import (
	"fmt"
	"regexp"
	"strings"
)

// Directive asks for a generated page.
type Directive struct {
	Name string
	Args []string
}

var directive = regexp.MustCompile(`(?m)^\{\{#mmapguard([^}\n]*)\}\}$`)

// Expand replaces the directives of a text.
func Expand(text string, page func(Directive) (string, error)) (string, error) {
	var failed error
	out := directive.ReplaceAllStringFunc(text, func(line string) string {
		words := strings.Fields(directive.FindStringSubmatch(line)[1])
		if failed != nil {
			return line
		}
		if len(words) == 0 {
			failed = fmt.Errorf("%s: which page?", line)
			return line
		}
		made, err := page(Directive{words[0], words[1:]})
		if err != nil {
			failed = fmt.Errorf("%s: %w", line, err)
		}
		return strings.TrimRight(made, "\n")
	})
	return out, failed
}
