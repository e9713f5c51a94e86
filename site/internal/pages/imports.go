package pages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// modulePrefix begins the import paths of the repository's packages.
const modulePrefix = "github.com/mmapguard/go/"

// imports is the graph of the repository's parts: who imports whom, tests left
// out. A part is a module, or the library's boundary, which stands for itself.
func (s *Source) imports(ctx context.Context, _ []string) (string, error) {
	listed, err := s.command(ctx, "go", "list", "-json=ImportPath,Imports", "work")
	if err != nil {
		return "", err
	}
	g := graph{}
	for d := json.NewDecoder(strings.NewReader(listed)); ; {
		var p struct {
			ImportPath string   `json:"ImportPath"`
			Imports    []string `json:"Imports"`
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", err
		}
		g.add(p.ImportPath, p.Imports)
	}
	alone := g.alone()
	for _, name := range alone {
		delete(g, name)
	}
	return g.svg("Imports between the parts of the repository",
		"An arrow leads from a part to one that it imports; the boundary imports none of them.") +
		fmt.Sprintf("\nLeft out, because nothing but their tests imports another part: %s.\n", strings.Join(alone, ", ")), nil
}

// alone are the parts that import no other, and that no other imports.
func (g graph) alone() (names []string) {
	imported := map[string]bool{}
	for _, to := range g {
		for _, name := range to {
			imported[name] = true
		}
	}
	for _, name := range sorted(g) {
		if len(g[name]) == 0 && !imported[name] {
			names = append(names, name)
		}
	}
	return names
}

// graph has the parts that each part imports.
type graph map[string][]string

func (g graph) add(path string, imports []string) {
	from := part(path)
	if _, known := g[from]; !known {
		g[from] = nil
	}
	for _, path := range imports {
		to := part(path)
		if strings.HasPrefix(path, modulePrefix) && to != from && !slices.Contains(g[from], to) {
			g[from] = append(g[from], to)
		}
	}
}

// part is what a package belongs to, as the reader of the graph would say it.
func part(path string) string {
	path = strings.TrimPrefix(path, modulePrefix)
	for _, whole := range []string{"mmapguard/internal/boundary", "mmapguard/confine", "mmapguard", "conformance/lab", "conformance/property", "conformance/bench"} {
		if path == whole || strings.HasPrefix(path, whole+"/") {
			return whole
		}
	}
	top, _, _ := strings.Cut(path, "/")
	return top
}

// depth is how far a part stands from the bottom.
func (g graph) depth(of string) int {
	deepest := 0
	for _, to := range g[of] {
		deepest = max(deepest, g.depth(to)+1)
	}
	return deepest
}

// layers are the parts by depth, the deepest last.
func (g graph) layers() [][]string {
	var layers [][]string
	for name := range g {
		at := g.depth(name)
		for len(layers) <= at {
			layers = append(layers, nil)
		}
		layers[at] = append(layers[at], name)
	}
	for _, names := range layers {
		slices.Sort(names)
	}
	slices.Reverse(layers)
	return layers
}

const (
	boxWidth  = 214
	boxHeight = 34
	stepX     = boxWidth + 20
	stepY     = boxHeight + 56
)

// svg draws the layers from top to bottom. It has the colours of the text
// around it, and says in words what it shows.
func (g graph) svg(title, description string) string {
	layers := g.layers()
	type point struct{ x, y int }
	at, width := map[string]point{}, 0
	for _, names := range layers {
		width = max(width, len(names)*stepX)
	}
	for row, names := range layers {
		for i, name := range names {
			at[name] = point{(width-len(names)*stepX)/2 + i*stepX + stepX/2, 10 + row*stepY + boxHeight/2}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg role="img" viewBox="0 0 %d %d" width="%d" xmlns="http://www.w3.org/2000/svg" aria-labelledby="graph-title graph-text" font-size="13">`+"\n", width, len(layers)*stepY-stepY/2, width)
	fmt.Fprintf(&b, "<title id=\"graph-title\">%s</title>\n<desc id=\"graph-text\">%s %s</desc>\n", title, description, g.words(layers))
	b.WriteString(`<defs><marker id="arrow" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="currentColor"/></marker></defs>` + "\n")
	for _, from := range sorted(g) {
		for _, to := range g[from] {
			p, q := at[from], at[to]
			fmt.Fprintf(&b, `<path d="M%d %dC%d %d %d %d %d %d" fill="none" stroke="currentColor" stroke-opacity=".6" marker-end="url(#arrow)"/>`+"\n",
				p.x, p.y+boxHeight/2, p.x, p.y+boxHeight, q.x, q.y-boxHeight, q.x, q.y-boxHeight/2)
		}
	}
	// The boxes have the colour of mdBook's paper, so that lines pass behind them.
	for _, name := range sorted(g) {
		p := at[name]
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="5" stroke="currentColor" style="fill:var(--bg,none)"/>`+"\n", p.x-boxWidth/2, p.y-boxHeight/2, boxWidth, boxHeight)
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" fill="currentColor">%s</text>`+"\n", p.x, p.y+5, name)
	}
	b.WriteString("</svg>\n")
	return scrolling(title, b.String())
}

// words say what the lines show, for readers who do not see them.
func (g graph) words(layers [][]string) string {
	var said []string
	for _, names := range layers {
		for _, name := range names {
			if len(g[name]) > 0 {
				said = append(said, name+" imports "+strings.Join(slices.Sorted(slices.Values(g[name])), ", ")+".")
			}
		}
	}
	return strings.Join(said, " ")
}
