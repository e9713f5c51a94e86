package sigstore

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	bundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	common "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	protodsse "github.com/sigstore/protobuf-specs/gen/pb-go/dsse"
	rekor "github.com/sigstore/protobuf-specs/gen/pb-go/rekor/v1"
)

const (
	bundleType  = "application/vnd.dev.sigstore.bundle.v0.3+json"
	payloadType = "application/vnd.in-toto+json"
)

// Sign signs a statement as id, and logs that at the given time.
func (s *Sigstore) Sign(id Identity, statement []byte, at time.Time) (*bundle.Bundle, error) {
	certificate, key, err := s.issue(id)
	if err != nil {
		return nil, err
	}
	enveloper, err := dsse.NewEnvelopeSigner(signer{key})
	if err != nil {
		return nil, fmt.Errorf("sign a statement: %w", err)
	}
	envelope, err := enveloper.SignPayload(context.Background(), payloadType, statement)
	if err != nil {
		return nil, fmt.Errorf("sign a statement: %w", err)
	}
	body, err := entryBody(envelope, statement, certificate)
	if err != nil {
		return nil, err
	}
	entry, err := s.enter(body, at)
	if err != nil {
		return nil, err
	}
	signature, err := base64.StdEncoding.DecodeString(envelope.Signatures[0].Sig)
	if err != nil {
		return nil, fmt.Errorf("read a signature: %w", err)
	}
	return &bundle.Bundle{
		MediaType: bundleType,
		VerificationMaterial: &bundle.VerificationMaterial{
			Content:     &bundle.VerificationMaterial_Certificate{Certificate: &common.X509Certificate{RawBytes: certificate.Raw}},
			TlogEntries: []*rekor.TransparencyLogEntry{entry},
		},
		Content: &bundle.Bundle_DsseEnvelope{DsseEnvelope: &protodsse.Envelope{
			Payload: statement, PayloadType: payloadType, Signatures: []*protodsse.Signature{{Sig: signature}},
		}},
	}, nil
}

// entryBody is the log's entry for an envelope, of the kind dsse 0.0.1.
func entryBody(envelope *dsse.Envelope, statement []byte, certificate *x509.Certificate) ([]byte, error) {
	whole, err := json.Marshal(envelope)
	if err != nil {
		return nil, fmt.Errorf("encode an envelope: %w", err)
	}
	digest := func(data []byte) map[string]string {
		sum := sha256.Sum256(data)
		return map[string]string{"algorithm": "sha256", "value": hex.EncodeToString(sum[:])}
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
	return json.Marshal(map[string]any{
		"apiVersion": "0.0.1", "kind": "dsse",
		"spec": map[string]any{
			"envelopeHash": digest(whole), "payloadHash": digest(statement),
			"signatures": []map[string]string{{
				"signature": envelope.Signatures[0].Sig, "verifier": base64.StdEncoding.EncodeToString(text),
			}},
		},
	})
}

// signer signs envelopes with an ephemeral key, which has no name.
type signer struct{ key *ecdsa.PrivateKey }

func (s signer) Sign(_ context.Context, message []byte) ([]byte, error) { return sign(s.key, message) }

func (s signer) KeyID() (string, error) { return "", nil }
