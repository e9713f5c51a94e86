package pages

import (
	"context"
	"fmt"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

// ladder is the table of mechanisms in the order in which they are tried.
func (*Source) ladder(context.Context, []string) (string, error) {
	var b strings.Builder
	b.WriteString("| mechanism | gives | takes |\n|---|---|---|\n")
	for _, r := range mmapguard.Ladder() {
		fmt.Fprintf(&b, "| `%s` | `%v` | %s |\n", r.Mechanism, r.Guarantee, r.Cost)
	}
	return b.String(), nil
}
