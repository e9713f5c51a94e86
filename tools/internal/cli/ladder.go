package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/mmapguard/go/mmapguard"
	"github.com/mmapguard/go/tools/internal/cli/table"
)

// offer is what a rung of the library's ladder answers for a file.
type offer struct {
	Guarantee mmapguard.Guarantee `json:"guarantee"`
	Mechanism mmapguard.Mechanism `json:"mechanism"`
	Cost      string              `json:"cost"`
	Available bool                `json:"available"`
	// Opened is how long opening took, in nanoseconds.
	Opened time.Duration `json:"openNanoseconds,omitempty"`
	Reason string        `json:"reason,omitempty"`
}

// offers really opens the file by every mechanism, in the order in which the
// library tries them.
func offers(name string, size int64) ([]offer, error) {
	list := []offer{}
	for _, rung := range rungs() {
		o := offer{Guarantee: rung.Guarantee, Mechanism: rung.Mechanism, Cost: rung.Cost}
		start := time.Now()
		d, err := mmapguard.MapFile(name, offerOptions(rung, size)...)
		if err != nil {
			o.Reason = refusal(err)
			list = append(list, o)
			continue
		}
		o.Available, o.Opened = true, time.Since(start)
		list = append(list, o)
		if err := d.Close(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// rungs is the library's ladder with one line for what a caller cannot tell
// apart: a mechanism that gives the same guarantee to special files at no cost,
// and to all others at one, is tried with all its ways, and stands where the
// last of them does.
func rungs() []mmapguard.Rung {
	var list []mmapguard.Rung
	for _, rung := range mmapguard.Ladder() {
		same := func(r mmapguard.Rung) bool { return r.Mechanism == rung.Mechanism && r.Guarantee == rung.Guarantee }
		if i := slices.IndexFunc(list, same); i >= 0 {
			rung.Cost = list[i].Cost + "; else " + rung.Cost
			list = slices.Delete(list, i, i+1)
		}
		list = append(list, rung)
	}
	return list
}

// offerOptions ask for one rung. A file that may be copied is opened by its
// first byte alone: the answer is the same, without its cost. One beyond the
// limit of copies is opened whole, for the library to refuse before it copies.
func offerOptions(rung mmapguard.Rung, size int64) []mmapguard.Option {
	opts := []mmapguard.Option{
		mmapguard.WithMechanisms(rung.Mechanism),
		mmapguard.WithGuarantee(rung.Guarantee),
	}
	if rung.Guarantee >= mmapguard.Isolated && size <= mmapguard.DefaultMaxCopy {
		opts = append(opts, mmapguard.WithRange(0, 1))
	}
	return opts
}

// yesNo is the verdict as people read it.
func (s *session) yesNo(ok bool) string {
	if ok {
		return s.paint(text.FgGreen, "yes")
	}
	return s.paint(text.FgYellow, "no")
}

// offerTable shows what a file, or a file in a directory, can get.
func (s *session) offerTable(offers []offer, subject string) table.Table {
	t := table.Table{Header: []string{"guarantee", "mechanism", subject, "cost, or why not"}, Flex: 3}
	for _, o := range offers {
		remark := o.Reason
		if o.Available {
			remark = fmt.Sprintf("%s (opened in %s)", o.Cost, durationText(o.Opened))
		}
		t.Rows = append(t.Rows, []string{o.Guarantee.String(), o.Mechanism.String(), s.yesNo(o.Available), remark})
	}
	return t
}
