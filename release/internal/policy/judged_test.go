package policy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/release/internal/gotool"
)

func TestWhatWasJudgedIsWhatIsTaken(t *testing.T) {
	paths, err := Exceptions(context.Background(), repository)
	if err != nil {
		t.Error(err)
	}
	if !slices.Contains(paths, "kernel.org/pub/linux/libs/security/libcap/psx") {
		t.Errorf("the exceptions are %v alone", paths)
	}
}

func TestAJudgementHoldsForOneTextInOneVersion(t *testing.T) {
	const text = "MIT, or something else at your choice.\n"
	digest := sha256.Sum256([]byte(text))
	sound := Judged{
		Module: "example.com/m", Version: "v1.0.0", File: "License", SHA256: hex.EncodeToString(digest[:]),
		Licence: "MIT", Because: "a choice",
	}
	for name, c := range map[string]struct {
		change func(j *Judged, m *gotool.Module)
		text   string
		want   string // the problem, or none
	}{
		"as it was read":          {func(*Judged, *gotool.Module) {}, text, ""},
		"another version":         {func(_ *Judged, m *gotool.Module) { m.Version = "v1.0.1" }, text, "v1.0.1 is taken"},
		"another text":            {func(*Judged, *gotool.Module) {}, text + "But not on Sundays.\n", "is not what was judged"},
		"no text":                 {func(j *Judged, _ *gotool.Module) { j.File = "COPYING" }, text, "COPYING"},
		"a licence not allowed":   {func(j *Judged, _ *gotool.Module) { j.Licence = "GPL-2.0-only" }, text, "does not allow"},
		"a judgement with no why": {func(j *Judged, _ *gotool.Module) { j.Because = " " }, text, "does not say why"},
	} {
		t.Run(name, func(t *testing.T) {
			judged, module := sound, gotool.Module{Path: sound.Module, Version: sound.Version, Dir: t.TempDir()}
			if err := os.WriteFile(filepath.Join(module.Dir, "License"), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			c.change(&judged, &module)
			p := &Policy{Licences: []string{"MIT"}}
			err := p.stands(&judged, &module)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, and not %q", err, c.want)
			}
		})
	}
}
