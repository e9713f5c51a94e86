package conformance

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/mmapguard/go/conformance/report"
)

// TestConformance runs every case in the directory for temporary files, and
// with the files of testdata.
//
//nolint:tparallel // the directory and the offers are those of this run
func TestConformance(t *testing.T) {
	s := &suite{Options: withDefaults(Options{Dir: t.TempDir(), Content: "testdata"})}
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.offers, err = s.probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, j := range s.plan() {
		name := j.ID
		if j.mechanism != "" {
			name = filepath.ToSlash(filepath.Join(j.ID, j.mechanism.String()))
		}
		t.Run(name, func(t *testing.T) { s.test(t, j) })
	}
}

func (s *suite) test(t *testing.T, j job) {
	t.Parallel()
	switch r := s.one(context.WithoutCancel(t.Context()), j); r.Verdict {
	case report.Broken:
		t.Errorf("promised: %s\nseen: %s", r.Promise, r.Detail)
	case report.NotOffered:
		t.Skip(r.Detail)
	}
}
