package main

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmapguard/go/release/rehearsal/internal/provenance"
	"github.com/mmapguard/go/release/rehearsal/internal/tamper"
)

// generated is what the generator v2.1.0 really made for the push of a tag of
// its example project. The verifier's module brings it along.
const generated = "cli/slsa-verifier/testdata/gha_generic/v2.1.0/binary-linux-amd64-push-v14.2.intoto.jsonl"

func TestProvenanceHasTheShapeThatTheGeneratorGivesToIt(t *testing.T) {
	ours, theirs := parts(t, ourBundle(t)), parts(t, theirBundle(t))
	for name, want := range theirs {
		t.Run(name, func(t *testing.T) {
			for _, path := range want {
				if !slices.Contains(ours[name], path) {
					t.Errorf("the generator's has %s", path)
				}
			}
			for _, path := range ours[name] {
				if !slices.Contains(want, path) {
					t.Errorf("the generator's has no %s", path)
				}
			}
		})
	}
}

func ourBundle(t *testing.T) []byte {
	t.Helper()
	run := provenance.Run{Repository: "mmapguard/go", Tag: "tools/v0.1.0", Commit: strings.Repeat("0", 40), ID: "1"}
	release, err := tamper.New(&run, []provenance.Subject{tamper.SubjectOf("file", nil)}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := release.Bundle(&tamper.Case{})
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

func theirBundle(t *testing.T) []byte {
	t.Helper()
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/slsa-framework/slsa-verifier/v2")
	list.Env = append(os.Environ(), "GOWORK=off")
	dir, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), filepath.FromSlash(generated)))
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

// parts are the paths to all values of a bundle, of what it signs, of the log's
// entry, and the numbers of the certificate's extensions.
func parts(t *testing.T, text []byte) map[string][]string {
	t.Helper()
	var bundle struct {
		VerificationMaterial struct {
			Certificate struct{ RawBytes string }
			TlogEntries []struct{ CanonicalizedBody string }
		}
		DsseEnvelope struct{ Payload string }
	}
	if err := json.Unmarshal(text, &bundle); err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(decoded(t, bundle.VerificationMaterial.Certificate.RawBytes))
	if err != nil {
		t.Fatal(err)
	}
	var extensions []string
	for _, extension := range certificate.Extensions {
		extensions = append(extensions, extension.Id.String())
	}
	return map[string][]string{
		"bundle":      paths(t, text),
		"statement":   paths(t, decoded(t, bundle.DsseEnvelope.Payload)),
		"entry":       paths(t, decoded(t, bundle.VerificationMaterial.TlogEntries[0].CanonicalizedBody)),
		"certificate": extensions,
	}
}

func decoded(t *testing.T, text string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func paths(t *testing.T, text []byte) []string {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return walk("", value)
}

// walk lists where values are. What GitHub says of the event itself is longer
// than a rehearsal needs, and no part of the generator's form.
func walk(path string, value any) []string {
	const event = ".predicate.invocation.environment.github_event_payload"
	var all []string
	switch value := value.(type) {
	case map[string]any:
		if path == event {
			return []string{path}
		}
		for key, inner := range value {
			all = append(all, walk(path+"."+key, inner)...)
		}
	case []any:
		for _, inner := range value {
			all = append(all, walk(path+"[]", inner)...)
		}
	default:
		all = append(all, path)
	}
	return all
}

func TestEveryForgeryHasANameAndAReason(t *testing.T) {
	names := map[string]bool{}
	cases := tamper.Cases()
	for i := range cases {
		c := &cases[i]
		if names[c.Name] {
			t.Errorf("two forgeries are called %q", c.Name)
		}
		names[c.Name] = true
		if c.Because == "" {
			t.Errorf("%s: any rejection would do", c.Name)
		}
	}
	if len(cases) < 20 {
		t.Errorf("%d forgeries are fewer than 20", len(cases))
	}
}
