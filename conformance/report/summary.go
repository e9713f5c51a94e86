package report

import (
	"fmt"
	"io"
	"strings"
)

// guarantees, the weakest first, with what each means to whoever relies on it.
var guarantees = []struct{ name, promise string }{
	{"Cooperative", "programs that respect locks leave the bytes alone; what others do becomes an error"},
	{"Enforced", "the kernel keeps other processes' changes from being seen"},
	{"Isolated", "the bytes are a private copy that nobody else can reach"},
	{"Immutable", "the kernel proves that nobody can ever change the bytes"},
}

// WriteSummary says in plain words what can be promised here.
func (r *Report) WriteSummary(w io.Writer) error {
	p := &printer{w: w}
	p.line("What mmapguard can promise here (%s on %s):", r.Platform.FileSystem, r.Platform.Name)
	for _, g := range guarantees {
		r.summarize(p, g.name, g.promise)
	}
	p.line("")
	p.line("%d held, %d broken, %d not offered, in %.1f s.",
		r.Count(Held), r.Count(Broken), r.Count(NotOffered), r.Seconds)
	return p.err
}

func (r *Report) summarize(p *printer, guarantee, promise string) {
	var ways, reasons []string
	for _, o := range r.Offers {
		switch {
		case o.Guarantee != guarantee:
		case o.Offered:
			ways = append(ways, o.Mechanism)
		default:
			reasons = append(reasons, o.Mechanism+": "+o.Reason)
		}
	}
	p.line("")
	switch {
	case len(ways) > 0 && r.breaks(guarantee) > 0:
		p.line("  %-12s BROKEN, by %s: %d cases failed, see above", guarantee, strings.Join(ways, ", "), r.breaks(guarantee))
	case len(ways) > 0:
		p.line("  %-12s yes, by %s", guarantee, strings.Join(ways, ", "))
	case len(reasons) > 0:
		p.line("  %-12s no", guarantee)
	default:
		p.line("  %-12s no: no mechanism on %s provides it", guarantee, r.Platform.OS)
	}
	p.line("  %-12s %s", "", promise)
	for _, reason := range reasons {
		p.line("  %-12s not by %s", "", reason)
	}
}

// breaks counts the broken promises of one guarantee; those that are made for
// all of them count for each.
func (r *Report) breaks(guarantee string) int {
	n := 0
	for _, result := range r.Results {
		if result.Verdict == Broken && (result.Guarantee == guarantee || result.Guarantee == "") {
			n++
		}
	}
	return n
}

// printer writes lines until one fails.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}
