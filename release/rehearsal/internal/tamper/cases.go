package tamper

import (
	"bytes"
	"strings"
	"time"

	bundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	rekor "github.com/sigstore/protobuf-specs/gen/pb-go/rekor/v1"

	"github.com/mmapguard/go/release/rehearsal/internal/provenance"
	"github.com/mmapguard/go/release/rehearsal/internal/sigstore"
)

// Cases are all forgeries. What the verifier says is of slsa-verifier v2.7.1.
func Cases() []Case {
	var all []Case
	for _, group := range [][]Case{ofArtifacts, ofQuestions, ofIdentities, ofStatements, ofCertificates, ofSignatures, ofLogs, ofMirrors} {
		all = append(all, group...)
	}
	return all
}

const another = "another-owner/go"

var ofArtifacts = []Case{
	{Name: "artifact: one bit changed", Because: "does not match provenance subject",
		artifact: func(b []byte) []byte { b[len(b)/2] ^= 1; return b }},
	{Name: "artifact: cut short by a byte", Because: "does not match provenance subject",
		artifact: func(b []byte) []byte { return b[:len(b)-1] }},
	{Name: "artifact: something appended", Because: "does not match provenance subject",
		artifact: func(b []byte) []byte { return append(b, 0) }},
	{Name: "subject: the digest of another file", Because: "does not match provenance subject",
		statement: func(s *provenance.Statement) {
			for _, subject := range s.Subject {
				subject.Digest["sha256"] = strings.Repeat("0", 64)
			}
		}},
	{Name: "subject: none", Because: "no subject",
		statement: func(s *provenance.Statement) { s.Subject = nil }},
}

// What is genuine, and is passed off as something else.
var ofQuestions = []Case{
	{Name: "tag: the next version is wanted", Because: "tag used to generate the binary",
		ask: func(q *Question) { q.Tag += "1" }},
	{Name: "tag: another module's is wanted", Because: "tag used to generate the binary",
		ask: func(q *Question) { q.Tag = "another/v0.1.0" }},
	{Name: "branch: another is wanted", Because: "branch used to generate the binary",
		ask: func(q *Question) { q.Tag, q.Branch = "", "next" }},
	{Name: "repository: another is wanted", Because: "source used to generate the binary",
		ask: func(q *Question) { q.Repository = another }},
	{Name: "builder: the one for Go is wanted", Because: "untrusted reusable workflow",
		ask: func(q *Question) {
			q.Builder = strings.Replace(provenance.Generator, "generator_generic_slsa3", "builder_go_slsa3", 1)
		}},
	{Name: "builder: another version of it is wanted", Because: "builderID",
		ask: func(q *Question) { q.Builder = provenance.Generator + "@refs/tags/v1.10.0" }},
}

// Other repositories and workflows, which Sigstore names in their certificates.
var ofIdentities = []Case{
	{Name: "repository: signed by a fork, stating ours", Because: "source used to generate the binary",
		identity: func(id *sigstore.Identity) { id.Repository = another }},
	{Name: "workflow: the project's own", Because: "untrusted reusable workflow",
		identity: func(id *sigstore.Identity) {
			id.Workflow = "https://github.com/" + id.Repository + "/" + id.Caller + "@" + id.Ref
		}},
	{Name: "workflow: the generator of a fork", Because: "untrusted reusable workflow",
		identity: func(id *sigstore.Identity) {
			id.Workflow = strings.Replace(id.Workflow, "slsa-framework/", "another-owner/", 1)
		}},
	{Name: "workflow: another of the generator's repository", Because: "untrusted reusable workflow",
		identity: func(id *sigstore.Identity) {
			id.Workflow = strings.Replace(id.Workflow, "generator_generic_slsa3", "pre-submit", 1)
		}},
	{Name: "builder: at a branch", Because: "invalid ref",
		identity: func(id *sigstore.Identity) { at(id, "refs/heads/main") }},
	{Name: "builder: at a commit", Because: "invalid ref",
		identity: func(id *sigstore.Identity) { at(id, id.WorkflowHash) }},
	{Name: "builder: at a tag that is no version", Because: "invalid ref",
		identity: func(id *sigstore.Identity) { at(id, "refs/tags/v2") }},
	{Name: "identity: vouched for by another issuer", Because: "expected issuer",
		identity: func(id *sigstore.Identity) { id.Issuer = "https://accounts.google.com" }},
	{Name: "identity: without GitHub's part", Because: "claims are empty",
		identity: func(id *sigstore.Identity) { id.Anonymous = true }},
}

// at makes id a run of the same workflow at another reference.
func at(id *sigstore.Identity, ref string) {
	workflow, _, _ := strings.Cut(id.Workflow, "@")
	id.Workflow = workflow + "@" + ref
}

// Statements that the right workflow would never have made.
var ofStatements = []Case{
	{Name: "statement: of another builder", Because: "builderID does not match",
		statement: func(s *provenance.Statement) { s.Predicate.Builder.ID = provenance.Generator + "@refs/tags/v2.0.0" }},
	{Name: "statement: of another repository", Because: "source used to generate the binary",
		statement: func(s *provenance.Statement) {
			s.Predicate.Materials[0].URI = "git+https://github.com/" + another + "@refs/tags/v0.1.0"
			s.Predicate.Invocation.ConfigSource.URI = s.Predicate.Materials[0].URI
		}},
	{Name: "statement: materials of another repository", Because: "source used to generate the binary",
		statement: func(s *provenance.Statement) {
			s.Predicate.Materials[0].URI = "git+https://github.com/" + another + "@refs/tags/v0.1.0"
		}},
	{Name: "statement: of another tag", Because: "tag used to generate the binary",
		statement: func(s *provenance.Statement) { s.Predicate.Invocation.Environment["github_ref"] = "refs/tags/v9.9.9" }},
	{Name: "statement: of a branch", Because: "verifying tag",
		statement: func(s *provenance.Statement) {
			s.Predicate.Invocation.Environment["github_ref_type"] = "branch"
			s.Predicate.Invocation.Environment["github_ref"] = "refs/heads/main"
		}},
	{Name: "statement: of a kind that is not known", Because: "unexpected predicate type",
		statement: func(s *provenance.Statement) { s.PredicateType = "https://slsa.dev/provenance/v0.1" }},
	{Name: "statement: of another build type", Because: "buildType",
		statement: func(s *provenance.Statement) { s.Predicate.BuildType = "https://example.com/build@v1" }},
	{Name: "statement: with a field that nobody knows", Because: "unknown field",
		raw: func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"materials"`), []byte(`"more":1,"materials"`), 1)
		}},
}

var ofCertificates = []Case{
	{Name: "certificate: of another Sigstore", Because: "Rekor log ID not found", elsewhere: true},
	{Name: "certificate: signed by another key", Because: "leaf certificate verification failed",
		identity: func(id *sigstore.Identity) { id.Forger = true }},
	{Name: "certificate: in no log of certificates", Because: "SCT entries",
		identity: func(id *sigstore.Identity) { id.Unlogged = true }},
	{Name: "certificate: the log's promise is for another", Because: "SCT entries",
		identity: func(id *sigstore.Identity) { id.Misled = true }},
	{Name: "certificate: expired when the signature was logged", Because: "leaf certificate verification failed", logged: time.Hour},
	{Name: "certificate: not yet valid when the signature was logged", Because: "leaf certificate verification failed", logged: -time.Hour},
	{Name: "certificate: absent", Because: "missing signing certificate",
		bundle: func(b *bundle.Bundle) { b.VerificationMaterial.Content = nil }},
}

var ofSignatures = []Case{
	{Name: "signature: one bit changed", Because: "does not match",
		bundle: func(b *bundle.Bundle) { flip(b.GetDsseEnvelope().Signatures[0].Sig) }},
	{Name: "signature: absent", Because: "no signatures",
		bundle: func(b *bundle.Bundle) { b.GetDsseEnvelope().Signatures = nil }},
	{Name: "payload: another statement under the signature", Because: "signature",
		bundle: func(b *bundle.Bundle) {
			envelope := b.GetDsseEnvelope()
			envelope.Payload = bytes.Replace(envelope.Payload, []byte(`"name":"`), []byte(`"name":"x`), 1)
		}},
	{Name: "payload: of another type", Because: "signature",
		bundle: func(b *bundle.Bundle) { b.GetDsseEnvelope().PayloadType = "text/plain" }},
}

var ofLogs = []Case{
	{Name: "log: no entry", Because: "missing offline tlog",
		bundle: func(b *bundle.Bundle) { b.VerificationMaterial.TlogEntries = nil }},
	{Name: "log: an entry without the log's promise", Because: "invalid Rekor entry",
		bundle: func(b *bundle.Bundle) { entry(b).InclusionPromise = nil }},
	{Name: "log: one bit of the promise changed", Because: "invalid Rekor entry",
		bundle: func(b *bundle.Bundle) { flip(entry(b).InclusionPromise.SignedEntryTimestamp) }},
	{Name: "log: the entry's text changed", Because: "invalid Rekor entry",
		bundle: func(b *bundle.Bundle) { flip(entry(b).CanonicalizedBody) }},
	{Name: "log: the entry at another place", Because: "invalid Rekor entry",
		bundle: func(b *bundle.Bundle) { entry(b).LogIndex++ }},
	{Name: "log: another log's name", Because: "Rekor log ID not found",
		bundle: func(b *bundle.Bundle) { flip(entry(b).LogId.KeyId) }},
	{Name: "log: an entry of a kind that is not known", Because: "unexpected tlog entry type",
		bundle: func(b *bundle.Bundle) { entry(b).KindVersion.Version = "0.0.2" }},
	{Name: "time: a second later than the log says", Because: "invalid Rekor entry",
		bundle: func(b *bundle.Bundle) { entry(b).IntegratedTime++ }},
}

func entry(b *bundle.Bundle) *rekor.TransparencyLogEntry {
	return b.VerificationMaterial.TlogEntries[0]
}

func flip(b []byte) { b[len(b)-1] ^= 1 }

var ofMirrors = []Case{
	{Name: "mirror: another trust root in place of the signed one", Because: "trusted_root.json",
		elsewhere: true, mirror: swappedRoot},
	{Name: "mirror: a trust root that is no longer fresh", Because: "expired", mirror: expiredRoot},
}
