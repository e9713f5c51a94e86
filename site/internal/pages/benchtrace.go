package pages

import (
	"context"
	"strings"
)

const traceFile = "trace.txt"

// benchTrace is what guardtrace costs beside strace.
func (s *Source) benchTrace(context.Context, []string) (string, error) {
	table, what, instead, err := s.measured(traceFile)
	if err != nil || instead != "" {
		return instead, err
	}
	return table + "\n" + strings.TrimSpace(what) + ".\n", nil
}
