package pages

import (
	"context"
	"fmt"
	"strings"
)

const ladderFile = "ladder.txt"

// benchLadder is what each mechanism cost, and how fast leases were rescued.
func (s *Source) benchLadder(context.Context, []string) (string, error) {
	content, instead, err := s.data(ladderFile, benchTask)
	if err != nil || instead != "" {
		return instead, err
	}
	openings, rescues, found := strings.Cut(string(content), "\n\n")
	if !found {
		return "", fmt.Errorf("%s does not hold two tables: `%s` writes it again", ladderFile, benchTask)
	}
	first, err := columns(openings)
	if err != nil {
		return "", fmt.Errorf("%s: %w", ladderFile, err)
	}
	second, err := columns(rescues)
	if err != nil {
		return "", fmt.Errorf("%s: %w", ladderFile, err)
	}
	return first + "\nHow long a writer waits until the bytes under a lease are safe, beside `os.ReadFile` of the same file:\n\n" + second, nil
}
