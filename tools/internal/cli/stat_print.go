package cli

import (
	"fmt"
	"strings"
)

// printStat writes a report for people; a blank line parts it from the one
// before.
func (s *session) printStat(r statReport, another bool) error {
	var b strings.Builder
	if another {
		b.WriteByte('\n')
	}
	fmt.Fprintln(&b, r.Name)
	for _, f := range statFields(r) {
		fmt.Fprintf(&b, "  %-12s%s\n", f[0], f[1])
	}
	if len(r.Offers) > 0 {
		b.WriteByte('\n')
		if err := s.offerTable(r.Offers, "this file").Render(&b, s.width()); err != nil {
			return err
		}
	}
	return s.printf("%s", b.String())
}

// statFields are the lines that the report has something to say for.
func statFields(r statReport) [][2]string {
	var fields [][2]string
	add := func(label, text string) { fields = append(fields, [2]string{label, text}) }
	if r.FileSize != nil {
		add("File", fmt.Sprintf("%s, %s, on %s", exactBytes(*r.FileSize), r.Mode, r.FileSystem))
	}
	if o := r.Obtained; o != nil {
		if r.FileSize == nil {
			add("Size", exactBytes(o.Size))
		}
		add("Backing", o.Backing.String())
		add("Guarantee", o.Guarantee.String())
		add("Mechanism", o.Mechanism.String())
	}
	if r.Lock != nil {
		add("Locks", lockText(r.Lock))
	}
	if r.Error != nil {
		add("Error", r.Error.Message)
	}
	return fields
}

func lockText(l *lockState) string {
	if len(l.Holders) == 0 {
		return l.State
	}
	holders := make([]string, len(l.Holders))
	for i, h := range l.Holders {
		holders[i] = h.String()
	}
	return strings.Join(holders, ", ")
}
