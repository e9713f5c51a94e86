package filter

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/mmapguard/go/tools/internal/trace/abi"
)

// Error is a mistake in a filter.
type Error struct {
	Text string // of the filter
	At   int    // where, in bytes from its start
	What string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s (column %d)\n  %s\n  %s^", e.What, e.At+1, e.Text, strings.Repeat(" ", e.At))
}

// Set is a set of system calls, by name.
type Set map[string]bool

// Numbers are those of the set on a processor.
func (s Set) Numbers(t *abi.Table) []uint64 {
	numbers := []uint64{}
	for name := range s {
		if n, ok := t.Number(name); ok {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// item is a part of the text of a set.
type item struct {
	text   string // without the exclamation mark
	at     int    // where text begins
	negate bool
}

// ParseSet reads the text of a set.
func ParseSet(t *abi.Table, text string) (Set, error) {
	items, err := split(text)
	if err != nil {
		return nil, err
	}
	set := Set{}
	if items[0].negate {
		for _, name := range t.Names() {
			set[name] = true
		}
	}
	for _, i := range items {
		calls, err := i.calls(t, text)
		if err != nil {
			return nil, err
		}
		for _, name := range calls {
			if i.negate {
				delete(set, name)
			} else {
				set[name] = true
			}
		}
	}
	return set, nil
}

// split takes the text apart at its commas, of which those between slashes
// belong to a regular expression.
func split(text string) ([]item, error) {
	var items []item
	for at := 0; ; {
		i := item{at: at}
		if strings.HasPrefix(text[at:], "!") {
			i.negate = true
			i.at++
		}
		end, err := itemEnd(text, i.at)
		if err != nil {
			return nil, err
		}
		i.text = text[i.at:end]
		if i.text == "" {
			return nil, &Error{text, i.at, "a system call, a %class or a /regular expression/ is missing"}
		}
		items = append(items, i)
		if end == len(text) {
			return items, nil
		}
		at = end + 1
	}
}

// itemEnd is where an item ends: at a comma, or at the end of the text.
func itemEnd(text string, at int) (int, error) {
	if !strings.HasPrefix(text[at:], "/") {
		if comma := strings.IndexByte(text[at:], ','); comma >= 0 {
			return at + comma, nil
		}
		return len(text), nil
	}
	for end := at + 1; end < len(text); end++ {
		switch {
		case text[end] == '\\':
			end++
		case text[end] != '/':
		case end+1 < len(text) && text[end+1] != ',':
			return 0, &Error{text, end + 1, "a comma is missing"}
		default:
			return end + 1, nil
		}
	}
	return 0, &Error{text, at, "the regular expression has no / at its end"}
}

// calls are those that an item stands for.
func (i item) calls(t *abi.Table, text string) ([]string, error) {
	switch i.text[0] {
	case '/':
		return i.matches(t, text)
	case '%':
		classes := Classes(t)
		if calls, ok := classes[i.text[1:]]; ok {
			return calls, nil
		}
		return nil, &Error{text, i.at, fmt.Sprintf("unknown class %q%s", i.text, suggest(i.text[1:], keys(classes), "%"))}
	}
	if i.text == "all" {
		return t.Names(), nil
	}
	if _, ok := t.Number(i.text); ok {
		return []string{i.text}, nil
	}
	return nil, &Error{text, i.at, fmt.Sprintf("unknown system call %q%s", i.text, suggest(i.text, t.Names(), ""))}
}

func (i item) matches(t *abi.Table, text string) ([]string, error) {
	re, err := regexp.Compile(i.text[1 : len(i.text)-1])
	if err != nil {
		return nil, &Error{text, i.at + 1, err.Error()}
	}
	var calls []string
	for _, name := range t.Names() {
		if re.MatchString(name) {
			calls = append(calls, name)
		}
	}
	if len(calls) == 0 {
		return nil, &Error{text, i.at, fmt.Sprintf("no system call matches %s", i.text)}
	}
	return calls, nil
}

func keys[V any](m map[string]V) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// suggest offers the known word that is nearest to one that is not, if it is
// near enough to be a slip.
func suggest(word string, known []string, prefix string) string {
	best, least, like := "", len(word)/2+1, 0.0
	for _, k := range known {
		d, score := levenshtein.Distance(word, k, nil), levenshtein.Match(word, k, nil)
		if d < least || d == least && best != "" && score > like {
			best, least, like = k, d, score
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", prefix+best)
}
