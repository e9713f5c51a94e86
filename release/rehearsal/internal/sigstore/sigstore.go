// Package sigstore is a virtual Sigstore: a certificate authority (Fulcio), a
// certificate log and a signature log (Rekor) whose keys live for as long as
// the process. What it signs has the form that the public instance gives it, as
// of protobuf-specs v0.3 bundles, so that real verifiers can be tried on it.
package sigstore

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/sigstore/sigstore-go/pkg/root"
)

// Sigstore is one virtual instance.
type Sigstore struct {
	root, intermediate *x509.Certificate
	issuer             *ecdsa.PrivateKey // the intermediate's
	certificateLog     *ecdsa.PrivateKey
	signatureLog       *ecdsa.PrivateKey
	since              time.Time
}

// New makes an instance with fresh keys, valid from a day before now to a day after.
func New(now time.Time) (*Sigstore, error) {
	s := &Sigstore{since: now.Add(-24 * time.Hour)}
	for _, key := range []**ecdsa.PrivateKey{&s.issuer, &s.certificateLog, &s.signatureLog} {
		fresh, err := newKey()
		if err != nil {
			return nil, err
		}
		*key = fresh
	}
	return s, s.makeAuthority(now.Add(24 * time.Hour))
}

// TrustedRoot tells what verifiers must trust, as the file trusted_root.json.
func (s *Sigstore) TrustedRoot() ([]byte, error) {
	certificateLog, err := s.log(s.certificateLog)
	if err != nil {
		return nil, err
	}
	signatureLog, err := s.log(s.signatureLog)
	if err != nil {
		return nil, err
	}
	authorities := []root.CertificateAuthority{{
		Root: s.root, Intermediates: []*x509.Certificate{s.intermediate},
		ValidityPeriodStart: s.since, URI: "https://fulcio.invalid",
	}}
	trusted, err := root.NewTrustedRoot(root.TrustedRootMediaType01, authorities, certificateLog, nil, signatureLog)
	if err != nil {
		return nil, fmt.Errorf("describe the virtual Sigstore: %w", err)
	}
	return trusted.MarshalJSON()
}

func (s *Sigstore) log(key *ecdsa.PrivateKey) (map[string]*root.TransparencyLog, error) {
	id, err := keyID(key)
	if err != nil {
		return nil, err
	}
	return map[string]*root.TransparencyLog{hex.EncodeToString(id[:]): {
		ID: id[:], BaseURL: "https://log.invalid", HashFunc: crypto.SHA256, SignatureHashFunc: crypto.SHA256,
		PublicKey: key.Public(), ValidityPeriodStart: s.since,
	}}, nil
}

func newKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// keyID is how logs are named: the digest of the public key (RFC 6962, 3.2).
func keyID(key *ecdsa.PrivateKey) ([sha256.Size]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("encode a log's key: %w", err)
	}
	return sha256.Sum256(der), nil
}

func sign(key *ecdsa.PrivateKey, message []byte) ([]byte, error) {
	digest := sha256.Sum256(message)
	return ecdsa.SignASN1(rand.Reader, key, digest[:])
}
