package tuf

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// host is where verifiers look for Sigstore's trust root.
const host = "tuf-repo-cdn.sigstore.dev"

// Mirror is a proxy on this machine that is the mirror's host, and no other.
type Mirror struct {
	server      *http.Server
	listener    net.Listener
	certificate tls.Certificate

	mu         sync.Mutex
	repository Repository
	refused    []string
}

// Serve starts a mirror of repository.
func Serve(repository Repository) (*Mirror, error) {
	m := &Mirror{repository: repository}
	var err error
	if m.certificate, err = hostCertificate(); err != nil {
		return nil, err
	}
	// An address that only this machine can reach.
	if m.listener, err = new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the mirror: %w", err)
	}
	m.server = &http.Server{Handler: http.HandlerFunc(m.connect), ReadHeaderTimeout: time.Minute}
	go func() { _ = m.server.Serve(m.listener) }() // ends with Close
	return m, nil
}

// Close stops the mirror.
func (m *Mirror) Close() error { return m.server.Close() }

// URL is the proxy's address.
func (m *Mirror) URL() string { return "http://" + m.listener.Addr().String() }

// Certificate is what a client of the mirror must trust, in PEM.
func (m *Mirror) Certificate() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: m.certificate.Certificate[0]})
}

// Use hands out another repository from now on.
func (m *Mirror) Use(repository Repository) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.repository = repository
}

// Refused tells which other hosts were asked for.
func (m *Mirror) Refused() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refused
}

// connect answers a client of the proxy: it becomes the mirror's host itself.
func (m *Mirror) connect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect || !strings.HasPrefix(r.Host, host+":") {
		m.mu.Lock()
		m.refused = append(m.refused, r.Host)
		m.mu.Unlock()
		http.Error(w, "this proxy knows "+host+" alone", http.StatusForbidden)
		return
	}
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		http.Error(w, "no tunnel", http.StatusInternalServerError)
		return
	}
	tunnel, _, err := hijacker.Hijack()
	if err != nil {
		return // the client is gone
	}
	if _, err := fmt.Fprint(tunnel, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		_ = tunnel.Close()
		return
	}
	m.answer(tls.Server(tunnel, &tls.Config{Certificates: []tls.Certificate{m.certificate}, MinVersion: tls.VersionTLS12}))
}

// answer serves the repository to one connection.
func (m *Mirror) answer(connection net.Conn) {
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		data, ok := m.repository[strings.TrimPrefix(r.URL.Path, "/")]
		m.mu.Unlock()
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(data) // a client that is gone needs none
	})}
	_ = server.Serve(&once{connection: connection})
}

// once is a listener that hears of one connection.
type once struct {
	connection net.Conn
	taken      sync.Once
}

func (o *once) Accept() (net.Conn, error) {
	var connection net.Conn
	err := errTaken
	o.taken.Do(func() { connection, err = o.connection, nil })
	return connection, err
}

var errTaken = errors.New("the one connection was taken")

func (o *once) Close() error { return nil }

func (o *once) Addr() net.Addr { return o.connection.LocalAddr() }

// hostCertificate certifies the host by itself, for a day.
func hostCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certify the mirror's host: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
