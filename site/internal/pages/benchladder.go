package pages

import (
	"context"
	"fmt"
)

const ladderFile = "ladder.txt"

// benchLadder is what each mechanism cost, and how fast leases were rescued.
func (s *Source) benchLadder(context.Context, []string) (string, error) {
	openings, rescues, instead, err := s.measured(ladderFile)
	if err != nil || instead != "" {
		return instead, err
	}
	rescued, err := columns(rescues)
	if err != nil {
		return "", fmt.Errorf("%s: %w", ladderFile, err)
	}
	return openings + "\nHow long a writer waits until the bytes under a lease are safe, beside `os.ReadFile` of the same file:\n\n" + rescued, nil
}
