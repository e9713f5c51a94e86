package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/mmapguard/go/conformance/report"
)

// notHeld lists everything that was not held, and why: rows in which the same
// cases were not held for the same reason stand together. A list of many cases
// is printed once, and has a letter from then on.
func (p *printer) notHeld(reports []*report.Report) {
	known := map[string]string{}
	together := map[string][]string{} // rows, by reason and cases
	for _, r := range reports {
		for reason, cases := range reasons(r) {
			key := reason + "\n" + strings.Join(cases, " ")
			together[key] = append(together[key], r.Platform.Name)
		}
	}
	p.line("\nnot held, and why")
	last := ""
	for _, key := range slices.Sorted(maps.Keys(together)) {
		reason, cases, _ := strings.Cut(key, "\n")
		if reason != last {
			last = reason
			p.line("\n%s", reason)
		}
		p.wrapped("  in ", together[key])
		p.casesOnce(known, cases)
	}
}

// manyCases are more than a reader wants to see again and again.
const manyCases = 8

// casesOnce prints a list of cases, or the letter that it has been given.
func (p *printer) casesOnce(known map[string]string, cases string) {
	list := strings.Fields(cases)
	letter := known[cases]
	switch {
	case len(list) <= manyCases:
		p.wrapped("     ", list)
	case letter != "":
		p.line("     the %d cases of list %s", len(list), letter)
	default:
		known[cases] = letters(len(known))
		p.wrapped("     list "+known[cases]+": ", list)
	}
}

// letters are A, B, …, Z, AA, …
func letters(n int) string {
	last := string(rune('A' + n%26))
	if n < 26 {
		return last
	}
	return letters(n/26-1) + last
}

// reasons are those of a report with the cases that they kept from being held,
// in the report's order.
func reasons(r *report.Report) map[string][]string {
	list := map[string][]string{}
	for _, result := range r.Results {
		if result.Verdict == report.Held {
			continue
		}
		reason := result.Verdict + ": " + withoutPaths(result.Detail)
		if !slices.Contains(list[reason], result.ID) {
			list[reason] = append(list[reason], result.ID)
		}
	}
	return list
}

// filePath is the name of a file in a reason, which is another one each time.
var filePath = regexp.MustCompile(`(?:[A-Z]:)?(?:[/\\][^/\\\s:]+){2,}`)

func withoutPaths(reason string) string { return filePath.ReplaceAllString(reason, "…") }

// textWidth is where lists are wrapped, in characters.
const textWidth = 120

// wrapped prints words behind a head, over as many lines as they need.
func (p *printer) wrapped(head string, words []string) {
	line := head
	for i, word := range words {
		if i > 0 && len(line)+1+len(word) > textWidth {
			p.line("%s", line)
			line = strings.Repeat(" ", len(head))
		} else if i > 0 {
			line += " "
		}
		line += word
	}
	p.line("%s", line)
}
