package pages

import (
	"context"
	"fmt"
	"strings"
)

const traceFile = "trace.txt"

// benchTrace is what guardtrace costs beside strace.
func (s *Source) benchTrace(context.Context, []string) (string, error) {
	content, instead, err := s.data(traceFile, benchTask)
	if err != nil || instead != "" {
		return instead, err
	}
	table, what, found := strings.Cut(string(content), "\n\n")
	if !found {
		return "", fmt.Errorf("%s does not hold a table and what it is of: `%s` writes it again", traceFile, benchTask)
	}
	made, err := columns(table)
	if err != nil {
		return "", fmt.Errorf("%s: %w", traceFile, err)
	}
	return made + "\n" + strings.TrimSpace(what) + ".\n", nil
}
