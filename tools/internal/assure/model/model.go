// Package model is the assurance case as data: the types of the files in
// assurance-case/, their strict reading, and the references between them.
//
// A field is required unless its tag says omitempty; the doc tags are what
// SCHEMA.md and schema.json are made of, so that the description and the reader
// cannot differ.
package model

// Pos is a place in a file, for messages that a reader can go to.
type Pos struct {
	File string `yaml:"-"` // with slashes, from the repository's root
	Line int    `yaml:"-"` // from 1
}

// Case is everything in assurance-case/.
type Case struct {
	Argument        Argument         `file:"argument.yaml" doc:"the argument, in the Goal Structuring Notation"`
	Requirements    []Requirement    `file:"requirements.yaml" doc:"the security requirements"`
	Threats         Threats          `file:"threats.yaml" doc:"the threat model"`
	Countermeasures []Countermeasure `file:"countermeasures/*.yaml" doc:"what is done, and the evidence that it works"`
	Risks           []Risk           `file:"risks.yaml" doc:"what is left over, and until when that is accepted"`
	Mutants         []Mutant         `file:"mutants.yaml" doc:"changes of the source that take a countermeasure away, besides those of conformance/broken"`
	Frameworks      []Framework      `file:"frameworks/*.yaml" doc:"other people's lists, every row of them"`
	Unsafe          []Unsafe         `file:"registers/unsafe.yaml" doc:"every unsafe expression"`
	Dependencies    Dependencies     `file:"registers/dependencies.yaml" doc:"every module that what is shipped is built from"`
	Fuzz            []FuzzTarget     `file:"registers/fuzz.yaml" doc:"every fuzz target"`
	Syscalls        []Syscall        `file:"registers/syscalls.yaml" doc:"every way from the library to the system"`
	Incidents       Incidents        `file:"registers/incidents.yaml" doc:"what happens when a vulnerability is reported"`
	Tools           []Tool           `file:"registers/tools.yaml" doc:"every tool of the pipeline, pinned"`
}

// Argument is the reasoning from the top goal to what is done.
type Argument struct {
	Goals          []Goal     `yaml:"goals" doc:"claims"`
	Strategies     []Strategy `yaml:"strategies" doc:"how a claim is divided into smaller ones"`
	Contexts       []Note     `yaml:"contexts" doc:"what a claim is about"`
	Assumptions    []Note     `yaml:"assumptions" doc:"what is taken for granted"`
	Justifications []Note     `yaml:"justifications" doc:"why a strategy is enough"`
}

// Goal is a claim. It is supported by a strategy, or by countermeasures.
type Goal struct {
	Pos             `yaml:"-"`
	ID              string `yaml:"id" doc:"G-…"`
	Claim           string `yaml:"claim" doc:"a sentence that is true or false"`
	Requirement     Ref    `yaml:"requirement,omitempty" to:"SR-" doc:"the requirement that the claim is part of"`
	Strategy        Ref    `yaml:"strategy,omitempty" to:"S-" doc:"how the claim is divided; either this or countermeasures"`
	Countermeasures []Ref  `yaml:"countermeasures,omitempty" to:"CM-" doc:"what makes the claim true; either these or a strategy"`
	Context         []Ref  `yaml:"context,omitempty" to:"C-" doc:"ids of contexts"`
	Assumptions     []Ref  `yaml:"assumptions,omitempty" to:"A-" doc:"ids of assumptions"`
}

// Strategy divides a claim.
type Strategy struct {
	Pos            `yaml:"-"`
	ID             string `yaml:"id" doc:"S-…"`
	Argument       string `yaml:"argument" doc:"how the smaller claims make up the larger one"`
	Goals          []Ref  `yaml:"goals" to:"G-" doc:"the smaller claims"`
	Justifications []Ref  `yaml:"justifications,omitempty" to:"J-" doc:"ids of justifications"`
}

// Note is a context, an assumption or a justification.
type Note struct {
	Pos  `yaml:"-"`
	ID   string `yaml:"id" doc:"C-…, A-… or J-…"`
	Text string `yaml:"text" doc:"one or two sentences"`
	Risk Ref    `yaml:"risk,omitempty" to:"RR-" doc:"the residual risk if an assumption is wrong"`
}

// Requirement is a security requirement.
type Requirement struct {
	Pos       `yaml:"-"`
	ID        string `yaml:"id" doc:"SR-n; never renumbered"`
	Title     string `yaml:"title" doc:"a few words"`
	Statement string `yaml:"statement" doc:"what holds, and whom it protects"`
}

// Threats is the threat model.
type Threats struct {
	Assets     []Asset     `yaml:"assets" doc:"what is worth protecting"`
	Actors     []Actor     `yaml:"actors" doc:"who may do harm"`
	Boundaries []Boundary  `yaml:"boundaries" doc:"where trust ends"`
	Vectors    []Vector    `yaml:"vectors" doc:"ways of attack"`
	Principles []Principle `yaml:"principles" doc:"Saltzer and Schroeder's design principles"`
}

// Asset is what is worth protecting.
type Asset struct {
	Pos   `yaml:"-"`
	ID    string `yaml:"id" doc:"ASSET-…"`
	Title string `yaml:"title" doc:"a few words"`
	Why   string `yaml:"why" doc:"what its loss means"`
}

// Actor is who may do harm.
type Actor struct {
	Pos   `yaml:"-"`
	ID    string `yaml:"id" doc:"ACTOR-…"`
	Title string `yaml:"title" doc:"a few words"`
	Can   string `yaml:"can" doc:"what this actor can do"`
	Not   string `yaml:"cannot" doc:"what is out of reach, or out of scope"`
}

// Boundary is where trust ends.
type Boundary struct {
	Pos     `yaml:"-"`
	ID      string `yaml:"id" doc:"TB-…"`
	Title   string `yaml:"title" doc:"a few words"`
	Outside string `yaml:"outside" doc:"what is not trusted"`
	Inside  string `yaml:"inside" doc:"what is"`
	By      []Ref  `yaml:"by" to:"CM- evidence" doc:"the countermeasures and evidence that stand at the boundary"`
}

// Vector is a way of attack.
type Vector struct {
	Pos         `yaml:"-"`
	ID          string `yaml:"id" doc:"AV-n; never renumbered"`
	Title       string `yaml:"title" doc:"a few words"`
	Description string `yaml:"description" doc:"what the attacker does and gains"`
	Actors      []Ref  `yaml:"actors" to:"ACTOR-" doc:"who can"`
	Assets      []Ref  `yaml:"assets" to:"ASSET-" doc:"what is at stake"`
	Boundaries  []Ref  `yaml:"boundaries" to:"TB-" doc:"which boundaries are crossed"`
}

// Principle is a design principle, and what follows from it here.
type Principle struct {
	Pos     `yaml:"-"`
	ID      string `yaml:"id" doc:"SS-…"`
	Title   string `yaml:"title" doc:"the principle's name"`
	Applied string `yaml:"applied" doc:"what follows from it here"`
	By      []Ref  `yaml:"by" to:"CM- evidence" doc:"the countermeasures and evidence that show it"`
}

// Countermeasure is something that is done against attacks.
type Countermeasure struct {
	Pos        `yaml:"-"`
	ID         string `yaml:"id" doc:"CM-…"`
	Title      string `yaml:"title" doc:"what is done, as a sentence"`
	Because    string `yaml:"because" doc:"why that helps"`
	Counters   []Ref  `yaml:"counters" to:"AV-" doc:"the ways of attack that it counters"`
	Evidence   []Ref  `yaml:"evidence" to:"evidence" doc:"what has to pass, and has to fail under one of the mutants each"`
	Supporting []Ref  `yaml:"supporting,omitempty" to:"evidence" doc:"what has to pass, and is not known to fail"`
	Mutants    []Ref  `yaml:"mutants" to:"mutant" doc:"the changes of the source that take it away"`
	MayHang    bool   `yaml:"mayHang,omitempty" doc:"without it the evidence may not end, and running out of time counts as a failure"`
}

// Risk is what is left over.
type Risk struct {
	Pos      `yaml:"-"`
	ID       string `yaml:"id" doc:"RR-…"`
	Title    string `yaml:"title" doc:"a few words"`
	What     string `yaml:"what" doc:"what can still happen, and to whom"`
	Vectors  []Ref  `yaml:"vectors" to:"AV-" doc:"the ways of attack that it is left of"`
	Accepted string `yaml:"accepted" doc:"why that is accepted"`
	Users    string `yaml:"users" doc:"what users can do about it"`
	Evidence []Ref  `yaml:"evidence" to:"evidence" doc:"what shows its extent, or where users are told"`
	Expires  string `yaml:"expires" doc:"the last day on which it is accepted, YYYY-MM-DD"`
}

// Mutant is a change of the source that takes a countermeasure away.
type Mutant struct {
	Pos    `yaml:"-"`
	Name   string `yaml:"name" doc:"in kebab case"`
	Breaks string `yaml:"breaks" doc:"what does not hold any more, as a sentence"`
	Edits  []Edit `yaml:"edits" doc:"replacements of texts that are there just once"`
}

// Edit is a replacement in a file.
type Edit struct {
	Pos  `yaml:"-"`
	File string `yaml:"file" doc:"from the repository's root"`
	Old  string `yaml:"old" doc:"a text that the file holds just once"`
	New  string `yaml:"new,omitempty" doc:"what stands there instead"`
}
