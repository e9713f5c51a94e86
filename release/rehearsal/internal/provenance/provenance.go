// Package provenance states what a release was built from, in the form that the
// generic generator of slsa-github-generator v2.1.0 gives to it: an in-toto
// statement with a predicate of SLSA provenance v0.2.
package provenance

import (
	"encoding/json"
	"time"

	"github.com/mmapguard/go/release/rehearsal/internal/sigstore"
)

// The generator, by its tag: verifiers take no other reference to it.
const (
	Generator     = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml"
	GeneratorRef  = "refs/tags/v2.1.0"
	generatorHash = "f7dd8c54c2067bafc12ca7a55595d5ee9b75204a" // what that tag is, as certificates say
	Workflow      = ".github/workflows/release.yml"
	issuer        = "https://token.actions.githubusercontent.com"
	buildType     = "https://github.com/slsa-framework/slsa-github-generator/generic@v1"
	statementType = "https://in-toto.io/Statement/v0.1"
	predicateType = "https://slsa.dev/provenance/v0.2"
)

// Run is the run of the release workflow that a rehearsal plays.
type Run struct {
	Repository string // owner/name
	Tag        string
	Commit     string // SHA-1
	ID         string
}

// Subject is a file that provenance speaks of.
type Subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

func (r *Run) ref() string { return "refs/tags/" + r.Tag }

// Identity is how the generator signs in this run.
func (r *Run) Identity(issued time.Time) sigstore.Identity {
	return sigstore.Identity{
		Workflow: Generator + "@" + GeneratorRef, WorkflowHash: generatorHash, Issuer: issuer,
		Repository: r.Repository, RepositoryID: repositoryID, OwnerID: ownerID,
		Ref: r.ref(), Commit: r.Commit, Caller: Workflow, Trigger: "push",
		Runner: "github-hosted", RunID: r.ID, Issued: issued,
	}
}

// GitHub numbers repositories and owners; a rehearsal is neither.
const (
	repositoryID = "1"
	ownerID      = "2"
)

// Statement is the provenance of subjects, built in this run.
func (r *Run) Statement(subjects []Subject) Statement {
	source := Source{URI: "git+https://github.com/" + r.Repository + "@" + r.ref(), Digest: map[string]string{"sha1": r.Commit}}
	caller := source
	caller.EntryPoint = Workflow
	return Statement{
		Type: statementType, PredicateType: predicateType, Subject: subjects,
		Predicate: Predicate{
			Builder:    Builder{ID: Generator + "@" + GeneratorRef},
			BuildType:  buildType,
			Invocation: Invocation{ConfigSource: caller, Environment: r.environment()},
			Metadata:   Metadata{InvocationID: r.ID + "-1", Completeness: Completeness{Parameters: true}},
			Materials:  []Source{source},
		},
	}
}

// JSON is the statement as it is signed.
func (s *Statement) JSON() ([]byte, error) { return json.Marshal(s) }
