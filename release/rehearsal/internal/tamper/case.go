// Package tamper forges releases in every way that somebody might who holds a
// part of the chain: the download, the mirror, the repository, the workflow, a
// key, the log. Each forgery is one change to a release that a verifier accepts.
package tamper

import (
	"time"

	bundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"

	"github.com/mmapguard/go/release/rehearsal/internal/provenance"
	"github.com/mmapguard/go/release/rehearsal/internal/sigstore"
)

// Case is one forgery: at most a few of its functions are set.
type Case struct {
	Name    string // what is forged: how
	Because string // what the verifier must say, so that it rejects for this reason

	artifact  func([]byte) []byte
	identity  func(*sigstore.Identity)
	statement func(*provenance.Statement)
	raw       func(statement []byte) []byte // the statement's text
	bundle    func(*bundle.Bundle)
	ask       func(*Question)
	logged    time.Duration // how much later than signed it was logged
	elsewhere bool          // signed in a Sigstore that the verifier does not trust
	mirror    mirror
}

// mirror tells what a verifier finds that fetches its trust root anew.
type mirror int

const (
	genuine mirror = iota
	swappedRoot
	expiredRoot
)

// Question is what a user asks of the verifier.
type Question struct {
	Repository, Tag, VersionedTag, Branch, Builder string
}

// Args are the flags that ask it.
func (q *Question) Args() []string {
	args := []string{"--source-uri", "github.com/" + q.Repository}
	for _, flag := range []struct{ name, value string }{
		{"--source-tag", q.Tag},
		{"--source-versioned-tag", q.VersionedTag},
		{"--source-branch", q.Branch},
		{"--builder-id", q.Builder},
	} {
		if flag.value != "" {
			args = append(args, flag.name, flag.value)
		}
	}
	return args
}
