package abi

import (
	"fmt"
	"strings"
)

// Split takes a value of a domain apart into names; rest is what has none.
func (t *Table) Split(domain string, value uint64) (names []string, rest uint64) {
	s := t.shapes[domain]
	if s.enum {
		return one(t.domains[domain], value)
	}
	if s.mask != 0 {
		names, rest = one(s.low, value&s.mask)
		value &^= s.mask
	} else if value == 0 && s.zero != "" {
		return []string{s.zero}, 0
	}
	for _, c := range s.bits {
		if value&c.value == c.value {
			names = append(names, c.name)
			value &^= c.value
		}
	}
	return names, value | rest
}

// one names a number.
func one(list []constant, value uint64) ([]string, uint64) {
	for _, c := range list {
		if c.value == value {
			return []string{c.name}, 0
		}
	}
	return nil, value
}

// Text is a value of a domain as C would write it.
func (t *Table) Text(domain string, value uint64) string {
	names, rest := t.Split(domain, value)
	if rest != 0 || len(names) == 0 {
		names = append(names, hex(rest))
	}
	return strings.Join(names, "|")
}

func hex(v uint64) string {
	if v == 0 {
		return "0"
	}
	return fmt.Sprintf("%#x", v)
}
