// Package tuf is a virtual mirror of Sigstore's trust root: the repository that
// verifiers fetch trusted_root.json from, by The Update Framework, and the
// anchor that they check it with.
package tuf

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/theupdateframework/go-tuf/v2/metadata"
)

// The anchor is compiled into the verifier, so its key is the same in every run:
// derived from a phrase, it protects nothing but a rehearsal.
const phrase = "mmapguard: the anchor of a rehearsal, which is no secret"

// Far enough that no rehearsal sees the end of it.
var anchorEnds = time.Date(2126, time.January, 1, 0, 0, 0, 0, time.UTC)

func anchorKey() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(phrase))
	return ed25519.NewKeyFromSeed(seed[:])
}

// Anchor is the root.json that a verifier must hold to trust the virtual mirror.
func Anchor() ([]byte, error) {
	anchor := metadata.Root(anchorEnds)
	anchor.Signed.ConsistentSnapshot = true
	key, err := metadata.KeyFromPublicKey(anchorKey().Public())
	if err != nil {
		return nil, fmt.Errorf("describe the anchor's key: %w", err)
	}
	for _, role := range []string{metadata.ROOT, metadata.TARGETS, metadata.SNAPSHOT, metadata.TIMESTAMP} {
		if err := anchor.Signed.AddKey(key, role); err != nil {
			return nil, fmt.Errorf("give the role %s to the anchor: %w", role, err)
		}
	}
	return signed(anchor)
}

// signed is a role's metadata under the anchor's signature.
func signed[T metadata.Roles](role *metadata.Metadata[T]) ([]byte, error) {
	signer, err := signature.LoadSigner(anchorKey(), crypto.Hash(0))
	if err != nil {
		return nil, fmt.Errorf("load the anchor's key: %w", err)
	}
	if _, err := role.Sign(signer); err != nil {
		return nil, fmt.Errorf("sign metadata: %w", err)
	}
	return role.ToBytes(false)
}
