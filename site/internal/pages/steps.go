package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

// The measures of the drawn ladder, in pixels.
const (
	stepWidth  = 560
	stepHeight = 58
	stepInset  = 40 // by which a stronger guarantee stands further right
)

// steps draws the ladder, the strongest guarantee at the top, each with the
// mechanisms that the library tries for it.
func (*Source) steps(context.Context, []string) (string, error) {
	var guarantees []mmapguard.Guarantee
	mechanisms := map[mmapguard.Guarantee][]string{}
	for _, r := range mmapguard.Ladder() {
		if _, known := mechanisms[r.Guarantee]; !known {
			guarantees = append(guarantees, r.Guarantee)
		}
		if name := r.Mechanism.String(); !slices.Contains(mechanisms[r.Guarantee], name) {
			mechanisms[r.Guarantee] = append(mechanisms[r.Guarantee], name)
		}
	}
	slices.Sort(guarantees)
	var drawn, said strings.Builder
	for i, g := range guarantees {
		x, y := 1+i*stepInset, (len(guarantees)-1-i)*stepHeight+4
		fmt.Fprintf(&drawn, `<rect x="%d" y="%d" width="%d" height="%d" rx="5" fill="none" stroke="currentColor"/>`+"\n", x, y, stepWidth, stepHeight-8)
		fmt.Fprintf(&drawn, `<text x="%d" y="%d" fill="currentColor" font-weight="bold">%v</text>`+"\n", x+14, y+21, g)
		fmt.Fprintf(&drawn, `<text x="%d" y="%d" fill="currentColor">%s</text>`+"\n", x+14, y+40, strings.Join(mechanisms[g], ", "))
		fmt.Fprintf(&said, "%v by %s. ", g, strings.Join(mechanisms[g], ", "))
	}
	width, height := stepWidth+len(guarantees)*stepInset, len(guarantees)*stepHeight
	const title = "The guarantees, the weakest at the bottom, with their mechanisms"
	return scrolling(title, fmt.Sprintf(`<svg role="img" viewBox="0 0 %d %d" width="%d" xmlns="http://www.w3.org/2000/svg" aria-labelledby="steps-title steps-text" font-size="13">`+"\n", width, height, width)+
		"<title id=\"steps-title\">"+title+"</title>\n<desc id=\"steps-text\">"+strings.TrimSpace(said.String())+"</desc>\n"+
		drawn.String()+"</svg>\n"), nil
}
