package peers

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes what WriteText writes, for the book.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Each cell is a process of its own (%s).\n\n", r.System)
	for i, row := range r.grid() {
		b.WriteString("|")
		for _, cell := range row {
			b.WriteString(" " + escape(cell) + " |")
		}
		b.WriteString("\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	b.WriteString("\n| cell | meaning |\n|---|---|\n")
	for _, l := range legend {
		fmt.Fprintf(&b, "| %s | %s |\n", escape(l[0]), escape(l[1]))
	}
	b.WriteString("\n| peer | what the column stands for |\n|---|---|\n")
	for _, p := range r.Peers {
		fmt.Fprintf(&b, "| %s | %s |\n", p.Name, escape(p.words()))
	}
	for _, h := range r.Hazards {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n", h.ID, escape(h.What))
		for _, g := range r.groups(h) {
			fmt.Fprintf(&b, "- **%s** %s: %s\n", escape(g.cell), strings.Join(g.peers, ", "), escape(g.detail))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var markdownEscapes = strings.NewReplacer(
	"\\", "\\\\", "*", "\\*", "_", "\\_", "|", "\\|", "<", "\\<", "[", "\\[", "]", "\\]", "`", "\\`")

// escape keeps error texts from becoming markup.
func escape(s string) string { return markdownEscapes.Replace(s) }
