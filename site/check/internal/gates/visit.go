// Package gates holds pages of the book, open in a browser, to what readers may
// expect of them. Each gate returns what is wrong, in words; an error means
// that it could not look.
package gates

import (
	"fmt"
	"strings"

	"github.com/mmapguard/go/site/check/internal/browser"
)

// MostBytes is what a page may weigh with its styles, scripts and fonts,
// uncompressed. The search index is not among them: no page loads it before
// somebody searches.
const MostBytes = 500_000

// Weight wants pages that are not too heavy.
func Weight(visit browser.Visit) []string {
	if visit.Bytes > MostBytes {
		return []string{fmt.Sprintf("weighs %d bytes, more than %d", visit.Bytes, MostBytes)}
	}
	if visit.Bytes == 0 {
		return []string{"weighs nothing: it was not measured"}
	}
	return nil
}

// Home wants pages that ask for nothing outside the book, which lies at a base
// address, and for nothing that is not there.
func Home(visit browser.Visit, base string) []string {
	var problems []string
	for _, url := range visit.Requests {
		if !strings.HasPrefix(url, base) {
			problems = append(problems, fmt.Sprintf("asks for %s, outside the book", url))
		}
	}
	for _, complaint := range visit.Errors {
		problems = append(problems, "the browser complains: "+complaint)
	}
	if len(visit.Requests) == 0 {
		problems = append(problems, "asked for nothing, not even itself: nobody listened")
	}
	return problems
}
