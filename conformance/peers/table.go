package peers

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// textWidth is where words are wrapped, in columns.
const textWidth = 110

// WriteText writes the table, its legend, and every cell in words.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Hazards, each against each peer in a process of its own (%s)\n\n", r.System)
	if err := r.writeGrid(&b); err != nil {
		return err
	}
	b.WriteString("\n" + legendText() + "\n")
	r.writePeers(&b)
	for _, h := range r.Hazards {
		fmt.Fprintf(&b, "\n%s\n%s", h.ID, wrap("  ", "  ", h.What))
		for _, g := range r.groups(h) {
			b.WriteString(wrap("    ", "        ", g.String()))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s System) String() string {
	return strings.Join(strings.Fields(s.OS+"/"+s.Arch+" "+s.Kernel+" "+s.Go), " ")
}

func (r *Report) writeGrid(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range r.grid() {
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}

// grid is the table with its heads, as words.
func (r *Report) grid() [][]string {
	head := []string{"hazard"}
	for _, p := range r.Peers {
		head = append(head, p.Name)
	}
	rows := [][]string{head}
	for _, h := range r.Hazards {
		row := []string{h.ID}
		for _, p := range r.Peers {
			o, _ := r.Of(h.ID, p.Name)
			row = append(row, o.Cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// legend explains the cells, word by word.
var legend = [][2]string{
	{"fine", "the right bytes, and nothing else happened"},
	{"error", "an error value, and no wrong byte"},
	{"wrong", "bytes that are not the file's, or not all of them, returned as if they were, without an error"},
	{"SIG…", "the process died of this signal; recover() does not help"},
	{"panic", "the process died of a Go panic"},
	{"fatal", "the process died of a fatal error of the Go runtime"},
	{"hang", "nothing came back until the time limit"},
	{"-", "the peer has nothing that this hazard could touch"},
	{"skip", "this machine cannot stage the hazard; the reason stands below"},
	{"*", "the peer, asked, said that the file had changed"},
}

func legendText() string {
	var b strings.Builder
	for _, l := range legend {
		b.WriteString(wrap(fmt.Sprintf("  %-6s ", l[0]), strings.Repeat(" ", 9), l[1]))
	}
	return b.String()
}

func (r *Report) writePeers(b *strings.Builder) {
	for _, p := range r.Peers {
		b.WriteString(wrap(fmt.Sprintf("  %-11s ", p.Name), strings.Repeat(" ", 14), p.words()))
	}
}

func (p VersionPeer) words() string {
	module := p.Module
	if module == "" {
		module = "standard library"
	}
	return p.Means + " (" + module + " " + p.Version + ")"
}

// group is the peers that met a hazard with the same outcome.
type group struct {
	cell, detail string
	peers        []string
}

func (g group) String() string {
	return g.cell + ": " + strings.Join(g.peers, ", ") + " – " + g.detail
}

// groups joins equal outcomes, in the order of the peers.
func (r *Report) groups(h Hazard) []*group {
	var all []*group
	byWords := map[string]*group{}
	for _, p := range r.Peers {
		o, _ := r.Of(h.ID, p.Name)
		// Races may bring the same observations in another order.
		facts := strings.Split(o.Detail, "; ")
		slices.Sort(facts)
		key := o.Cell + "\n" + strings.Join(facts, "; ")
		if byWords[key] == nil {
			byWords[key] = &group{cell: o.Cell, detail: o.Detail}
			all = append(all, byWords[key])
		}
		byWords[key].peers = append(byWords[key].peers, p.Name)
	}
	return all
}

// wrap breaks words into lines of at most textWidth columns, if words allow.
func wrap(first, rest, words string) string {
	line, lines := first, ""
	fresh := true
	for _, word := range strings.Fields(words) {
		if !fresh && len([]rune(line))+1+len([]rune(word)) > textWidth {
			lines += line + "\n"
			line, fresh = rest, true
		}
		if !fresh {
			line += " "
		}
		line += word
		fresh = false
	}
	return lines + line + "\n"
}
