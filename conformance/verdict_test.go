package conformance

import (
	"io/fs"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/mmapguard/go/conformance/report"
	"github.com/mmapguard/go/mmapguard"
)

// TestErrorsAreToldFromWorse tells apart what may be excused where storage was
// made to fail, and what never may.
func TestErrorsAreToldFromWorse(t *testing.T) {
	failure := &fs.PathError{Op: "read", Path: "f", Err: fs.ErrInvalid}
	for name, test := range map[string]struct {
		body      func(*Env)
		onlyError bool
	}{
		"an error":                  {func(e *Env) { e.must(failure, "reading") }, true},
		"another error than wanted": {func(e *Env) { e.wantError(failure, mmapguard.ErrTooLarge, "opening") }, true},
		"a file that does not open": {func(e *Env) { e.mapFile("/no/such/file") }, true},
		"no error":                  {func(e *Env) { e.wantError(nil, mmapguard.ErrTooLarge, "opening") }, false},
		"a wrong byte":              {func(e *Env) { e.same([]byte{1}, []byte{2}, "reading") }, false},
		"bytes that are missing":    {func(e *Env) { e.same(nil, []byte{2}, "reading") }, false},
		"something that is not so":  {func(e *Env) { e.check(false, "it") }, false},
		"a panic":                   {func(*Env) { panic("it") }, false},
	} {
		v := judge(test.body)(&Env{})
		if v.Status != Broken || v.Error != test.onlyError || v.Fatal {
			t.Errorf("%s: %+v, want broken, by nothing but an error: %v", name, v, test.onlyError)
		}
	}
}

// TestDamageHasToShow damages with a command that does nothing: the case must
// not pass for one that met an error.
func TestDamageHasToShow(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no command that does nothing")
	}
	v := runOne(t, "AV-1/storage-errors-are-errors", Options{Damage: "true", Parallel: 1})
	if v.Verdict != report.Broken || v.Error {
		t.Errorf("got %+v", v)
	}
	v = runOne(t, "AV-1/storage-errors-are-errors", Options{Damage: "false", Parallel: 1})
	if v.Verdict != report.Broken || !v.Error {
		t.Errorf("a command that fails: got %+v", v)
	}
}

// TestSilentStorage leaves the storage no time to answer.
func TestSilentStorage(t *testing.T) {
	v := runOne(t, "AV-1/storage-errors-are-errors", Options{Timeout: time.Microsecond})
	if v.Verdict != report.NotOffered || v.Detail == "" {
		t.Errorf("got %+v", v)
	}
}

func TestExclude(t *testing.T) {
	const id, reason = "SR-5/missing-file", "for a test"
	if v := runOne(t, id, Options{}); v.Verdict != report.Held {
		t.Errorf("got %+v", v)
	}
	if v := runOne(t, id, Options{Exclude: map[string]string{id: reason}}); v.Verdict != report.NotOffered || v.Detail != reason {
		t.Errorf("excluded: got %+v", v)
	}
}

// runOne runs one case and returns its first result.
func runOne(t *testing.T, id string, opts Options) report.Result {
	t.Helper()
	opts.Dir, opts.Run = t.TempDir(), regexp.MustCompile("^"+id+"$")
	r, err := Run(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Results) == 0 {
		t.Fatalf("%s was not run", id)
	}
	return r.Results[0]
}
