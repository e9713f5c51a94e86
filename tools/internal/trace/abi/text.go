package abi

import (
	"fmt"
	"strings"
)

// domainByName finds how the values of a domain are put together.
var domainByName = func() map[string]Domain {
	m := map[string]Domain{}
	for _, d := range Domains() {
		m[d.Name] = d
	}
	return m
}()

// Split takes a value of a domain apart into names; rest is what has none.
func (t *Table) Split(domain string, value uint64) (names []string, rest uint64) {
	d := domainByName[domain]
	if d.Style == Enum {
		return t.exact(domain, value)
	}
	if mask, ok := t.masks(d); ok {
		names, rest = t.low(d, value&mask)
		value &^= mask
	}
	named, left := t.bits(d, value, names)
	return named, left | rest
}

// masks is the value of the domain's mask: the generator puts it first, under a
// name of its own.
func (t *Table) masks(d Domain) (uint64, bool) {
	if d.Mask == "" {
		return 0, false
	}
	return t.Constant(d.Name+" mask", d.Mask)
}

func (t *Table) exact(domain string, value uint64) ([]string, uint64) {
	for _, c := range t.domains[domain] {
		if c.value == value {
			return []string{c.name}, 0
		}
	}
	return nil, value
}

func (t *Table) low(d Domain, value uint64) ([]string, uint64) {
	for _, c := range t.domains[d.Name] {
		if d.Low.MatchString(c.name) && c.value == value {
			return []string{c.name}, 0
		}
	}
	return nil, value
}

// bits names the flags; the generator has put those of several bits first.
func (t *Table) bits(d Domain, value uint64, names []string) ([]string, uint64) {
	if value == 0 && len(names) == 0 {
		return t.exact(d.Name, 0)
	}
	for _, c := range t.domains[d.Name] {
		low := d.Low != nil && d.Low.MatchString(c.name)
		if !low && c.value != 0 && value&c.value == c.value {
			names = append(names, c.name)
			value &^= c.value
		}
	}
	return names, value
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
