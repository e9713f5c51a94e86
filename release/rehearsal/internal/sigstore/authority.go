package sigstore

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net/url"
	"time"
)

// Fulcio's certificates are valid for ten minutes: the log's time says whether a
// signature was made within them.
const lifetime = 10 * time.Minute

// makeAuthority makes the root and the intermediate certificate.
func (s *Sigstore) makeAuthority(until time.Time) error {
	key, err := newKey()
	if err != nil {
		return err
	}
	template := func(name string, serial int64) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: big.NewInt(serial),
			Subject:      pkix.Name{Organization: []string{"sigstore.invalid"}, CommonName: name},
			NotBefore:    s.since, NotAfter: until,
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		}
	}
	top := template("virtual root", 1)
	if s.root, err = certify(top, top, key.Public(), key); err != nil {
		return err
	}
	middle := template("virtual intermediate", 2)
	middle.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}
	s.intermediate, err = certify(middle, s.root, s.issuer.Public(), key)
	return err
}

// issuer is who signs certificates.
type issuer struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// impostor has the same names, and a key of its own.
func (i issuer) impostor() (issuer, error) {
	key, err := newKey()
	if err != nil {
		return issuer{}, err
	}
	certificate := *i.certificate
	certificate.PublicKey = key.Public()
	return issuer{&certificate, key}, nil
}

// issue certifies a fresh key for id, with the log's promise inside.
func (s *Sigstore) issue(id Identity) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := newKey()
	if err != nil {
		return nil, nil, err
	}
	template, err := id.template()
	if err != nil {
		return nil, nil, err
	}
	by := issuer{s.intermediate, s.issuer}
	if id.Forger {
		if by, err = by.impostor(); err != nil {
			return nil, nil, err
		}
	}
	if !id.Unlogged {
		promised := *template
		if id.Misled {
			promised.SerialNumber = new(big.Int).Add(template.SerialNumber, big.NewInt(1))
		}
		promise, err := s.promise(&promised, key, by)
		if err != nil {
			return nil, nil, err
		}
		template.ExtraExtensions = append(template.ExtraExtensions, promise)
	}
	certificate, err := certify(template, by.certificate, key.Public(), by.key)
	return certificate, key, err
}

// template is the certificate that the authority gives to a workflow.
func (id *Identity) template() (*x509.Certificate, error) {
	workflow, err := url.Parse(id.Workflow)
	if err != nil {
		return nil, fmt.Errorf("the name of a workflow: %w", err)
	}
	extensions, err := id.extensions()
	if err != nil {
		return nil, err
	}
	serial := sha256.Sum256([]byte(id.Workflow + id.Issued.String()))
	return &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial[:16]),
		NotBefore:    id.Issued, NotAfter: id.Issued.Add(lifetime),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
		URIs: []*url.URL{workflow}, SubjectKeyId: serial[:20], ExtraExtensions: extensions,
	}, nil
}

func certify(template, parent *x509.Certificate, public any, key *ecdsa.PrivateKey) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}
