package sigstore

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"strings"
	"time"
)

// Identity is what GitHub says about a run of a workflow, and the authority puts
// into the certificate. Field by field:
// https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
type Identity struct {
	Workflow     string // the reusable workflow that signs, with its ref: the name of the subject
	WorkflowHash string // the commit of that workflow
	Issuer       string // who vouches for the identity
	Repository   string // owner/name of the caller
	RepositoryID string
	OwnerID      string
	Ref          string // what was built, refs/tags/…
	Commit       string // SHA-1 of what was built
	Caller       string // the caller's workflow: path in its repository
	Trigger      string // the event: push
	Runner       string // github-hosted
	RunID        string
	Issued       time.Time

	Anonymous bool // leave out what GitHub said
	Unlogged  bool // leave out the certificate log's promise
	Forger    bool // signed by a key that is not the authority's
	Misled    bool // the log's promise is about another certificate
}

// extensions are the fields of id as the authority numbers them: the first six
// are bare text, the later ones a UTF8String.
func (id *Identity) extensions() ([]pkix.Extension, error) {
	const hub = "https://github.com/"
	bare := map[int]string{1: id.Issuer}
	text := map[int]string{8: id.Issuer}
	if !id.Anonymous {
		bare[2], bare[3], bare[4], bare[5], bare[6] = id.Trigger, id.Commit, id.Caller, id.Repository, id.Ref
		text[9], text[10], text[11] = id.Workflow, id.WorkflowHash, id.Runner
		text[12], text[13], text[14], text[15] = hub+id.Repository, id.Commit, id.Ref, id.RepositoryID
		owner, _, _ := strings.Cut(id.Repository, "/")
		text[16], text[17] = hub+owner, id.OwnerID
		text[18], text[19] = hub+id.Repository+"/"+id.Caller+"@"+id.Ref, id.Commit
		text[20], text[21] = id.Trigger, hub+id.Repository+"/actions/runs/"+id.RunID+"/attempts/1"
		text[22] = "public"
	}
	var all []pkix.Extension
	for number := 1; number <= 22; number++ {
		oid := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, number}
		if value, ok := bare[number]; ok {
			all = append(all, pkix.Extension{Id: oid, Value: []byte(value)})
		}
		if value, ok := text[number]; ok {
			der, err := asn1.MarshalWithParams(value, "utf8")
			if err != nil {
				return nil, fmt.Errorf("extension %d: %w", number, err)
			}
			all = append(all, pkix.Extension{Id: oid, Value: der})
		}
	}
	return all, nil
}
