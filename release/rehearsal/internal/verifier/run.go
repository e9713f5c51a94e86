package verifier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/mmapguard/go/release/rehearsal/internal/tuf"
)

// Verifier is the command, on a machine whose only network is a mirror.
type Verifier struct {
	binary string
	home   string
	env    []string
}

// New prepares to run binary; home becomes its home directory.
func New(binary, home string, mirror *tuf.Mirror) (*Verifier, error) {
	certificate := filepath.Join(home, "mirror.pem")
	if err := os.WriteFile(certificate, mirror.Certificate(), 0o600); err != nil {
		return nil, err
	}
	return &Verifier{binary: binary, home: home, env: []string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"),
		"HTTPS_PROXY=" + mirror.URL(), "HTTP_PROXY=" + mirror.URL(),
		"SSL_CERT_FILE=" + certificate, "SSL_CERT_DIR=" + home,
	}}, nil
}

// Script is a program for a shell that runs the verifier as Run does, for those
// who call it by its name. It works while the mirror does.
func (v *Verifier) Script() string {
	quoted := []string{"#!/bin/sh\nexec env -i"}
	for _, word := range append(v.env, v.binary) {
		quoted = append(quoted, "'"+strings.ReplaceAll(word, "'", `'\''`)+"'")
	}
	return strings.Join(quoted, " ") + " \"$@\"\n"
}

// Forget removes the trust root that the verifier keeps between runs.
func (v *Verifier) Forget() error { return os.RemoveAll(filepath.Join(v.home, ".sigstore")) }

// Run runs the command with args. It tells whether the command accepted, and
// everything that it said. An error means that it gave no verdict.
func (v *Verifier) Run(ctx context.Context, args ...string) (accepted bool, said string, err error) {
	cmd := exec.CommandContext(ctx, v.binary, args...) // #nosec G204 -- built by this program
	cmd.Env = v.env
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		return false, output.String(), nil
	}
	if err != nil {
		return false, "", fmt.Errorf("slsa-verifier gave no verdict: %w\n%s", err, output.Bytes())
	}
	return true, output.String(), nil
}
