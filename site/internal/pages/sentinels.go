package pages

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// sentinels is the table of the library's errors, each with its documentation.
func (s *Source) sentinels(context.Context, []string) (string, error) {
	r, err := s.reference()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| error | meaning |\n|---|---|\n")
	rows := 0
	for _, v := range r.pkg.Vars {
		for _, spec := range v.Decl.Specs {
			value, ok := spec.(*ast.ValueSpec)
			if !ok || v.Decl.Tok != token.VAR || !strings.HasPrefix(value.Names[0].Name, "Err") {
				continue
			}
			meaning := strings.Join(strings.Fields(value.Doc.Text()), " ")
			fmt.Fprintf(&b, "| [`%s`](api.md#%[1]s) | %s |\n", value.Names[0].Name, meaning)
			rows++
		}
	}
	if rows == 0 {
		return "", fmt.Errorf("%s declares no errors", libraryFolder)
	}
	return b.String(), nil
}
