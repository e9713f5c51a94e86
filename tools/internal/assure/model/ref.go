package model

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Ref is a reference: an id of this case, or a piece of evidence in the
// repository.
//
// Evidence has the form "kind:name [on SYSTEM,…] [needs FACT,…]": the systems
// are values of GOOS where it means something, and the facts are what the
// machine must have for it to run (see verify.Facts). Only there may it be
// skipped.
type Ref struct {
	Pos
	Text string
}

// UnmarshalYAML reads a scalar and remembers its line.
func (r *Ref) UnmarshalYAML(node *yaml.Node) error {
	r.Line = node.Line
	return node.Decode(&r.Text)
}

func (r Ref) String() string { return r.Text }

// IsEvidence tells evidence from ids, which have no colon.
func (r Ref) IsEvidence() bool { return strings.Contains(r.Text, ":") }

// Evidence is a reference to evidence, taken apart.
type Evidence struct {
	Kind  string   // test, case, fuzz, check, linter, job, stage, recipe, file
	Name  string   // what the kind's names look like: see Kinds
	On    []string // values of GOOS; none means all
	Needs []string // facts about the machine
}

// Kinds says what each kind of evidence is, and what its names look like.
var Kinds = []struct{ Kind, Form, Means string }{
	{"test", "folder.TestName", "a Go test; verify runs it"},
	{"case", "SR-6/lock-held-until-unmap", "a conformance case; verify runs it"},
	{"fuzz", "folder.FuzzName", "a fuzz target; verify runs its seeds and corpus"},
	{"check", "unsafe", "a rule of assure check; verify runs it"},
	{"linter", "depguard", "a linter that .golangci.yml enables"},
	{"job", "conformance.yml/native", "a job of a workflow"},
	{"stage", "lint", "a stage of .ci/run"},
	{"recipe", "lint", "a recipe of the justfile"},
	{"file", "SECURITY.md#Reporting", "a file, and a text that it holds"},
}

// Runs tells whether verify can run this kind.
func (e Evidence) Runs() bool {
	return slices.Contains([]string{"test", "case", "fuzz", "check"}, e.Kind)
}

// Key is what identifies the evidence, without the conditions.
func (e Evidence) Key() string { return e.Kind + ":" + e.Name }

// Means tells whether the evidence means something on a system.
func (e Evidence) Means(goos string) bool {
	return len(e.On) == 0 || slices.Contains(e.On, goos)
}

// Evidence takes the reference apart.
func (r Ref) Evidence() (Evidence, error) {
	kind, rest, _ := strings.Cut(r.Text, ":")
	e := Evidence{Kind: kind}
	if !slices.ContainsFunc(Kinds, func(k struct{ Kind, Form, Means string }) bool { return k.Kind == kind }) {
		return e, fmt.Errorf("%q is no kind of evidence; SCHEMA.md lists them", kind)
	}
	if kind == "file" || kind == "stage" { // their names may hold spaces
		e.Name = rest
		return e, nil
	}
	words := strings.Fields(rest)
	if len(words)%2 == 0 {
		return e, fmt.Errorf("%q is not of the form kind:name [on SYSTEM,…] [needs FACT,…]", r.Text)
	}
	e.Name = words[0]
	for i := 1; i < len(words); i += 2 {
		switch list := strings.Split(words[i+1], ","); words[i] {
		case "on":
			e.On = list
		case "needs":
			e.Needs = list
		default:
			return e, fmt.Errorf("%q is followed by %q, want on or needs", e.Name, words[i])
		}
	}
	return e, nil
}
