package tamper

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	bundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"

	"github.com/mmapguard/go/release/rehearsal/internal/provenance"
	"github.com/mmapguard/go/release/rehearsal/internal/sigstore"
	"github.com/mmapguard/go/release/rehearsal/internal/tuf"
)

// Release is a genuine one, from which forgeries are made.
type Release struct {
	Run      provenance.Run
	Subjects []provenance.Subject
	Signed   time.Time

	trusted, other *sigstore.Sigstore
}

// New makes a release that ran at a given time, in Sigstores of its own.
func New(run *provenance.Run, subjects []provenance.Subject, signed time.Time) (*Release, error) {
	r := &Release{Run: *run, Subjects: subjects, Signed: signed}
	var err error
	if r.trusted, err = sigstore.New(signed); err != nil {
		return nil, err
	}
	r.other, err = sigstore.New(signed)
	return r, err
}

// Question is what a user asks about the genuine release.
func (r *Release) Question() Question { return Question{Repository: r.Run.Repository, Tag: r.Run.Tag} }

// Bundle is the release's provenance with the changes of c; the zero Case makes none.
func (r *Release) Bundle(c *Case) ([]byte, error) {
	signed, err := r.sign(c)
	if err != nil {
		return nil, err
	}
	if c.bundle != nil {
		c.bundle(signed)
	}
	text, err := protojson.Marshal(signed)
	if err != nil {
		return nil, fmt.Errorf("encode a bundle: %w", err)
	}
	return text, nil
}

func (r *Release) sign(c *Case) (*bundle.Bundle, error) {
	statement := r.Run.Statement(copied(r.Subjects))
	if c.statement != nil {
		c.statement(&statement)
	}
	text, err := statement.JSON()
	if err != nil {
		return nil, fmt.Errorf("encode a statement: %w", err)
	}
	if c.raw != nil {
		text = c.raw(text)
	}
	id := r.Run.Identity(r.Signed.Add(-time.Minute))
	if c.identity != nil {
		c.identity(&id)
	}
	authority := r.trusted
	if c.elsewhere {
		authority = r.other
	}
	return authority.Sign(id, text, r.Signed.Add(c.logged))
}

func copied(subjects []provenance.Subject) []provenance.Subject {
	all := make([]provenance.Subject, len(subjects))
	for i, subject := range subjects {
		all[i] = provenance.Subject{Name: subject.Name, Digest: map[string]string{"sha256": subject.Digest["sha256"]}}
	}
	return all
}

// Mirror is what hands out the trust root in case c.
func (r *Release) Mirror(c *Case) (tuf.Repository, error) {
	trusted, err := r.trusted.TrustedRoot()
	if err != nil {
		return nil, err
	}
	until := time.Now().Add(24 * time.Hour)
	if c.mirror == expiredRoot {
		until = time.Now().Add(-time.Hour)
	}
	repository, err := tuf.New(trusted, until)
	if err != nil || c.mirror != swappedRoot {
		return repository, err
	}
	other, err := r.other.TrustedRoot()
	return repository.Swapped(other), err
}

// Artifact is data with the changes of c.
func (c *Case) Artifact(data []byte) []byte {
	if c.artifact == nil {
		return data
	}
	return c.artifact(append([]byte(nil), data...))
}

// Ask is q with the changes of c.
func (c *Case) Ask(q Question) Question {
	if c.ask != nil {
		c.ask(&q)
	}
	return q
}

// SubjectOf is the subject that stands for data.
func SubjectOf(name string, data []byte) provenance.Subject {
	sum := sha256.Sum256(data)
	return provenance.Subject{Name: name, Digest: map[string]string{"sha256": hex.EncodeToString(sum[:])}}
}
