package provenance

import "strings"

// Statement and what it is made of follow https://in-toto.io/Statement/v0.1 and
// https://slsa.dev/provenance/v0.2, with the fields that the generator fills in.
type Statement struct {
	Type          string    `json:"_type"`
	PredicateType string    `json:"predicateType"`
	Subject       []Subject `json:"subject"`
	Predicate     Predicate `json:"predicate"`
}

// Predicate is the provenance itself.
type Predicate struct {
	Builder    Builder    `json:"builder"`
	BuildType  string     `json:"buildType"`
	Invocation Invocation `json:"invocation"`
	Metadata   Metadata   `json:"metadata"`
	Materials  []Source   `json:"materials"`
}

// Builder names who built.
type Builder struct {
	ID string `json:"id"`
}

// Invocation tells what was asked of the builder.
type Invocation struct {
	ConfigSource Source         `json:"configSource"`
	Environment  map[string]any `json:"environment"`
}

// Source is a repository at a commit.
type Source struct {
	URI        string            `json:"uri"`
	Digest     map[string]string `json:"digest"`
	EntryPoint string            `json:"entryPoint,omitempty"`
}

// Metadata tells about the run.
type Metadata struct {
	InvocationID string       `json:"buildInvocationID"`
	Completeness Completeness `json:"completeness"`
	Reproducible bool         `json:"reproducible"`
}

// Completeness tells which claims are known to be whole.
type Completeness struct {
	Parameters  bool `json:"parameters"`
	Environment bool `json:"environment"`
	Materials   bool `json:"materials"`
}

// environment is what the generator records of the push of a tag. Of the event
// itself it has what verifiers read; GitHub's is longer.
func (r *Run) environment() map[string]any {
	owner, _, _ := strings.Cut(r.Repository, "/")
	return map[string]any{
		"github_actor": owner, "github_actor_id": ownerID,
		"github_base_ref": "", "github_head_ref": "",
		"github_event_name": "push",
		"github_event_payload": map[string]any{
			"after": r.Commit, "before": strings.Repeat("0", len(r.Commit)), "base_ref": "refs/heads/main",
			"created": true, "deleted": false, "forced": false, "ref": r.ref(),
		},
		"github_ref": r.ref(), "github_ref_type": "tag",
		"github_repository_id": repositoryID, "github_repository_owner": owner, "github_repository_owner_id": ownerID,
		"github_run_attempt": "1", "github_run_id": r.ID, "github_run_number": "1", "github_sha1": r.Commit,
	}
}
