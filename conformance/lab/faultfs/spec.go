//go:build linux

package faultfs

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// EveryPage stands for all pages of a file.
const EveryPage = -1

// A Fault is one way to misbehave; see the package documentation.
type Fault struct {
	Kind  string
	Page  int64         // eio, hang, die: the page, or [EveryPage]
	Bytes int64         // short: the limit; size: what is added
	Delay time.Duration // hang
	Errno syscall.Errno // nolock
}

// A rule applies its faults to the files that match pattern.
type rule struct {
	pattern string
	faults  []Fault
}

// Spec says which files misbehave, and how.
type Spec struct {
	text  string
	rules []rule
}

// String is the text the Spec was parsed from.
func (s Spec) String() string { return s.text }

// Parse reads a Spec; the empty one has no faults.
func Parse(text string) (Spec, error) {
	spec := Spec{text: text}
	if text == "" {
		return spec, nil
	}
	for part := range strings.SplitSeq(text, ";") {
		pattern, list, found := strings.Cut(part, "@")
		if !found {
			pattern, list = "*", part
		}
		if _, err := path.Match(pattern, ""); err != nil {
			return Spec{}, fmt.Errorf("fault pattern %q: %w", pattern, err)
		}
		faults, err := parseFaults(list)
		if err != nil {
			return Spec{}, err
		}
		spec.rules = append(spec.rules, rule{pattern, faults})
	}
	return spec, nil
}

// Faults lists what applies to a file of that base name: its own faults and
// those of every matching rule. A name that ends in something else after "@"
// has none of its own.
func (s Spec) Faults(name string) []Fault {
	var all []Fault
	if at := strings.LastIndexByte(name, '@'); at >= 0 {
		if own, err := parseFaults(name[at+1:]); err == nil {
			all = own
		}
	}
	for _, r := range s.rules {
		if ok, err := path.Match(r.pattern, name); ok && err == nil {
			all = append(all, r.faults...)
		}
	}
	return all
}

// Has reports whether any rule asks for that kind of fault.
func (s Spec) Has(kind string) bool {
	for _, r := range s.rules {
		for _, f := range r.faults {
			if f.Kind == kind {
				return true
			}
		}
	}
	return false
}

// parseFaults reads a comma-separated list.
func parseFaults(list string) ([]Fault, error) {
	var faults []Fault
	for item := range strings.SplitSeq(list, ",") {
		kind, arg, _ := strings.Cut(item, "=")
		parse, ok := parsers[kind]
		if !ok {
			return nil, fmt.Errorf("fault %q: unknown kind", item)
		}
		f := Fault{Kind: kind, Page: EveryPage}
		if err := parse(&f, arg); err != nil {
			return nil, fmt.Errorf("fault %q: %w", item, err)
		}
		faults = append(faults, f)
	}
	return faults, nil
}

// parsers read each kind's argument, which is empty when there is none.
var parsers = map[string]func(f *Fault, arg string) error{
	"eio":      (*Fault).parsePage,
	"die":      (*Fault).parsePage,
	"short":    (*Fault).parseLimit,
	"size":     (*Fault).parseOffset,
	"hang":     (*Fault).parseDelay,
	"nolock":   (*Fault).parseErrno,
	"nolease":  (*Fault).parseNothing,
	"nodirect": (*Fault).parseNothing,
	"nommap":   (*Fault).parseNothing,
}

func (f *Fault) parseNothing(arg string) error {
	if arg != "" {
		return fmt.Errorf("takes no argument")
	}
	return nil
}

func (f *Fault) parsePage(arg string) error {
	if arg == "" {
		return nil
	}
	page, err := strconv.ParseUint(arg, 10, 40)
	f.Page = int64(page)
	return err
}

func (f *Fault) parseLimit(arg string) error {
	limit, err := strconv.ParseUint(arg, 10, 62)
	f.Bytes = int64(limit)
	return err
}

func (f *Fault) parseOffset(arg string) (err error) {
	f.Bytes, err = strconv.ParseInt(arg, 10, 62)
	return err
}

func (f *Fault) parseDelay(arg string) (err error) {
	if page, delay, found := strings.Cut(arg, ":"); found {
		arg = delay
		if err := f.parsePage(page); err != nil {
			return err
		}
	}
	f.Delay, err = time.ParseDuration(arg)
	if err == nil && f.Delay < 0 {
		err = fmt.Errorf("cannot hang for less than nothing")
	}
	return err
}

func (f *Fault) parseErrno(arg string) error {
	errno, ok := map[string]syscall.Errno{
		"": syscall.ENOLCK, "enolck": syscall.ENOLCK, "enosys": syscall.ENOSYS,
	}[arg]
	f.Errno = errno
	if !ok {
		return fmt.Errorf("is neither enolck nor enosys")
	}
	return nil
}
