package sigstore

import (
	"crypto/ecdsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"

	ct "github.com/google/certificate-transparency-go"
	"github.com/google/certificate-transparency-go/tls"
	ctx509 "github.com/google/certificate-transparency-go/x509"
	"github.com/google/certificate-transparency-go/x509util"
)

// promise is the certificate log's: that it will show the certificate made from
// template (RFC 6962, 3.3). What the log signs is the certificate without the
// promise, so one with a blank promise is made first.
func (s *Sigstore) promise(template *x509.Certificate, key *ecdsa.PrivateKey, by issuer) (pkix.Extension, error) {
	id, err := keyID(s.certificateLog)
	if err != nil {
		return pkix.Extension{}, err
	}
	timestamp := &ct.SignedCertificateTimestamp{
		SCTVersion: ct.V1, LogID: ct.LogID{KeyID: id},
		Timestamp: uint64(max(0, template.NotBefore.UnixMilli())), // #nosec G115 -- not negative
		Signature: ct.DigitallySigned{
			Algorithm: tls.SignatureAndHashAlgorithm{Hash: tls.SHA256, Signature: tls.ECDSA},
			Signature: []byte{1},
		},
	}
	blank, err := promiseExtension(timestamp)
	if err != nil {
		return pkix.Extension{}, err
	}
	draft := *template
	draft.ExtraExtensions = append(append([]pkix.Extension{}, template.ExtraExtensions...), blank)
	certificate, err := certify(&draft, by.certificate, key.Public(), by.key)
	if err != nil {
		return pkix.Extension{}, err
	}
	input, err := s.promised(certificate, timestamp)
	if err != nil {
		return pkix.Extension{}, err
	}
	if timestamp.Signature.Signature, err = sign(s.certificateLog, input); err != nil {
		return pkix.Extension{}, fmt.Errorf("sign a promise of the certificate log: %w", err)
	}
	return promiseExtension(timestamp)
}

// promised is what the log signs for a certificate.
func (s *Sigstore) promised(certificate *x509.Certificate, timestamp *ct.SignedCertificateTimestamp) ([]byte, error) {
	var chain []*ctx509.Certificate
	for _, link := range []*x509.Certificate{certificate, s.intermediate} {
		parsed, err := ctx509.ParseCertificate(link.Raw)
		if err != nil {
			return nil, fmt.Errorf("read a certificate for the log: %w", err)
		}
		chain = append(chain, parsed)
	}
	leaf, err := ct.MerkleTreeLeafForEmbeddedSCT(chain, timestamp.Timestamp)
	if err != nil {
		return nil, fmt.Errorf("make a leaf of the certificate log: %w", err)
	}
	return ct.SerializeSCTSignatureInput(*timestamp, ct.LogEntry{Leaf: *leaf})
}

func promiseExtension(timestamp *ct.SignedCertificateTimestamp) (pkix.Extension, error) {
	list, err := x509util.MarshalSCTsIntoSCTList([]*ct.SignedCertificateTimestamp{timestamp})
	if err != nil {
		return pkix.Extension{}, fmt.Errorf("encode a promise: %w", err)
	}
	encoded, err := tls.Marshal(*list)
	if err != nil {
		return pkix.Extension{}, fmt.Errorf("encode a promise: %w", err)
	}
	value, err := asn1.Marshal(encoded)
	return pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}, Value: value}, err
}
