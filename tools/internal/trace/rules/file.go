package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/filter"
)

// File is a file of rules.
type File struct {
	Owners  []string          `yaml:"owners"`
	Through []string          `yaml:"through"`
	Events  map[string]string `yaml:"events"`
	Points  Points            `yaml:"points"`
	Guards  Guards            `yaml:"guards"`
	Rules   []Rule            `yaml:"rules"`
}

// Points are the events that begin and end a stretch.
type Points struct {
	Begin string `yaml:"begin"`
	End   string `yaml:"end"`
}

// Guards are the events that take and release a guard: a lock, or a lease.
// Closing the descriptor releases it as well.
type Guards struct {
	Taken    string `yaml:"taken"`
	Released string `yaml:"released"`
}

// Rule is a property.
type Rule struct {
	ID          string `yaml:"id"`
	Requirement string `yaml:"requirement"` // of the assurance case
	Text        string `yaml:"text"`
	On          string `yaml:"on"`
	Require     string `yaml:"require"`
	Way         `yaml:",inline"`
	Either      []Way  `yaml:"either"`
	Then        *Step  `yaml:"then"`
	Until       string `yaml:"until"`
	Never       string `yaml:"never"`
	Gone        []Kind `yaml:"gone"`
}

// Way is what has come before a call, in this order.
type Way struct {
	// Since is the event from the last of which on the others count. Without it
	// that is the opening of the descriptor that the call was made with: what was
	// before was another handle's.
	Since *Step  `yaml:"since"`
	After []Step `yaml:"after"`
}

// Step is an event that is tied to another.
type Step struct {
	Event string `yaml:"event"`
	Same  Tie    `yaml:"same"`
	// Unless is an event that undoes this one, if it comes in between and is tied
	// to it.
	Unless *Undoing `yaml:"unless"`
}

// Undoing is an event that undoes another: with the same descriptor, as an
// unlock does with a lock, or by whatever descriptor of the same file, as a
// write does with what was known of its bytes.
type Undoing struct {
	Event string `yaml:"event"`
	Same  Tie    `yaml:"same"`
}

// Tie is what two events have in common.
type Tie string

// The ties.
const (
	Descriptor Tie = "descriptor"
	Inode      Tie = "file"
	Thread     Tie = "thread"
	// Source ties to the second descriptor of the later call, and to its file: to
	// what it copies or clones.
	Source      Tie = "source"
	SourceInode Tie = "source file"
)

var ties = []Tie{Descriptor, Inode, Thread, Source, SourceInode}

// Kind is a kind of thing that can be left over.
type Kind string

// The kinds.
const (
	Descriptors Kind = "descriptors"
	Mappings    Kind = "mappings"
)

// Set is a compiled file of rules.
type Set struct {
	file       File
	conditions map[string]*filter.Condition // the events, by name
	required   map[string]*filter.Condition // by the rules' id
	calls      filter.Set
}

// Load reads a file of rules.
func Load(table *abi.Table, name string) (*Set, error) {
	text, err := os.ReadFile(name) // #nosec G304 -- reading what the user names is the purpose
	if err != nil {
		return nil, err
	}
	s, err := Parse(table, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// Parse compiles rules. What it does not know is an error.
func Parse(table *abi.Table, text []byte) (*Set, error) {
	s := &Set{conditions: map[string]*filter.Condition{}, required: map[string]*filter.Condition{}}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s.file); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document")
	}
	for name, condition := range s.file.Events {
		if err := s.define(table, name, condition); err != nil {
			return nil, err
		}
	}
	if len(s.file.Rules) == 0 {
		return nil, errors.New("no rules")
	}
	seen := map[string]bool{}
	for _, r := range s.file.Rules {
		if err := s.check(table, r, seen); err != nil {
			return nil, fmt.Errorf("rule %q: %w", r.ID, err)
		}
	}
	return s, s.known(s.file.Points.Begin, s.file.Points.End, s.file.Guards.Taken, s.file.Guards.Released)
}

// define compiles an event. Only events decide which calls stop the program.
func (s *Set) define(table *abi.Table, name, condition string) error {
	c, err := filter.ParseCondition(table, condition)
	if err != nil {
		return fmt.Errorf("event %q: %w", name, err)
	}
	s.conditions[name] = c
	calls, some := c.Calls()
	if !some {
		return fmt.Errorf("event %q: begins without the names of its system calls, such as: syscall in [\"mmap\"] && ok", name)
	}
	if s.calls == nil {
		s.calls = filter.Set{}
	}
	for call := range calls {
		s.calls[call] = true
	}
	return nil
}

func (s *Set) check(table *abi.Table, r Rule, seen map[string]bool) error {
	if r.ID == "" || r.Text == "" {
		return errors.New("an id and a text are needed")
	}
	if seen[r.ID] {
		return errors.New("there are two of this id")
	}
	seen[r.ID] = true
	says := 0
	for _, part := range []bool{r.Require != "", r.After != nil, r.Either != nil, r.Then != nil, r.Never != "", r.Gone != nil} {
		if part {
			says++
		}
	}
	onNeeded := r.Never == "" && r.Gone == nil
	switch {
	case says != 1:
		return errors.New("want one of require, after, either, then, never, gone")
	case r.Since != nil && r.After == nil:
		return errors.New("since goes with after")
	case onNeeded != (r.On != ""):
		return errors.New("on goes with require, after, either and then")
	case (r.Then != nil) != (r.Until != ""):
		return errors.New("then and until go together")
	case r.Gone != nil && (s.file.Points.Begin == "" || s.file.Points.End == ""):
		return errors.New("gone needs points")
	}
	return errors.Join(s.checkNames(r), s.compile(table, r))
}

func (s *Set) checkNames(r Rule) error {
	for _, kind := range r.Gone {
		if kind != Descriptors && kind != Mappings {
			return fmt.Errorf("gone: %q is neither descriptors nor mappings", kind)
		}
	}
	errs := []error{s.known(r.On, r.Until, r.Never)}
	for _, step := range r.steps() {
		errs = append(errs, s.checkStep(step))
	}
	return errors.Join(errs...)
}

// ways are those in which the rule can be kept, if it asks for what came before.
func (r *Rule) ways() []Way {
	if r.After != nil {
		return []Way{r.Way}
	}
	return r.Either
}

func (r *Rule) steps() []Step {
	var list []Step
	for _, way := range r.ways() {
		list = append(list, way.After...)
		if way.Since != nil {
			list = append(list, *way.Since)
		}
	}
	if r.Then != nil {
		list = append(list, *r.Then)
	}
	return list
}

func (s *Set) checkStep(step Step) error {
	if !slices.Contains(ties, step.Same) {
		return fmt.Errorf("same: %q is none of %q", step.Same, ties)
	}
	if step.Unless == nil {
		return s.known(step.Event)
	}
	if undone := step.Unless.Same; undone != Descriptor && undone != Inode {
		return fmt.Errorf("unless: same: %q is neither descriptor nor file", undone)
	}
	return s.known(step.Event, step.Unless.Event)
}

// known wants that events have been defined.
func (s *Set) known(names ...string) error {
	for _, name := range names {
		if _, ok := s.conditions[name]; name != "" && !ok {
			return fmt.Errorf("no event %q is defined", name)
		}
	}
	return nil
}

func (s *Set) compile(table *abi.Table, r Rule) error {
	if r.Require == "" {
		return nil
	}
	c, err := filter.ParseCondition(table, r.Require)
	if err != nil {
		return err
	}
	s.required[r.ID] = c
	return nil
}

// Owners are the packages whose calls are looked at; none means all.
func (s *Set) Owners() []string { return s.file.Owners }

// Through are packages whose calls are their callers'.
func (s *Set) Through() []string { return s.file.Through }

// Rules are the properties of the file.
func (s *Set) Rules() []Rule { return s.file.Rules }

// Calls are the system calls that have to be seen: those of the events, and
// those that the state follows from.
func (s *Set) Calls() filter.Set {
	all := filter.Set{}
	for call := range s.calls {
		all[call] = true
	}
	for _, call := range stateCalls {
		all[call] = true
	}
	return all
}
