package broken

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mmapguard/go/conformance/report"
)

// Options say what to build and run.
type Options struct {
	// Run selects mutations by name; nil means all.
	Run *regexp.Regexp
	// All runs all cases on every broken build, to learn of each that notices.
	// Otherwise the others are run only if the case made for it does not notice.
	All bool
	// Tracer is the command guardtrace, if the builds are to be run under the
	// rules; then only those are that a rule is made for.
	Tracer string
	// Parallel is how many builds are tried at a time; 0 means 2.
	Parallel int
	// Progress is told of every outcome as it comes; calls do not overlap.
	Progress func(Outcome)
}

// Outcome is what became of one mutation.
type Outcome struct {
	Mutation Mutation
	Caught   []string // the cases that noticed
	LeftOut  string   // why it was not tried
	Err      error    // it could not be applied, built or run
	Seconds  float64
}

// Survived tells whether nothing noticed.
func (o Outcome) Survived() bool { return o.Err == nil && o.LeftOut == "" && len(o.Caught) == 0 }

// Missed tells whether the case that was made for it did not notice.
func (o Outcome) Missed() bool {
	return o.Err == nil && o.LeftOut == "" && !slices.Contains(o.Caught, o.Mutation.Expect)
}

// caseTimeout is how long a run of a case may take: what hangs has noticed.
const caseTimeout = 15 * time.Second

// raceRetries is how often a mutation that nothing noticed is tried again: a
// case of a race does not meet it every time.
const raceRetries = 4

// Run tries the unchanged library first, in which no case may be broken, and
// then every mutation.
func Run(ctx context.Context, opts Options) (outcomes []Outcome, err error) {
	w, err := newWorkshop(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(w.dir)) }()
	sound := w.try(ctx, 0, Mutation{Name: "unchanged"}, true)
	if sound.Err != nil || len(sound.Caught) > 0 {
		return nil, fmt.Errorf("the unchanged library does not hold: %q, %w", sound.Caught, sound.Err)
	}
	return w.tryAll(ctx, opts), nil
}

func (w *workshop) tryAll(ctx context.Context, opts Options) []Outcome {
	selected := slices.DeleteFunc(Mutations(), func(m Mutation) bool {
		return m.Expect == "" || opts.Run != nil && !opts.Run.MatchString(m.Name)
	})
	outcomes := make([]Outcome, len(selected))
	jobs := make(chan int)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for bench := range max(opts.Parallel, 2) {
		wg.Go(func() {
			for i := range jobs {
				o := w.try(ctx, bench, selected[i], opts.All)
				for again := 0; o.Survived() && again < raceRetries; again++ {
					o = w.try(ctx, bench, selected[i], opts.All)
				}
				mu.Lock()
				outcomes[i] = o
				if opts.Progress != nil {
					opts.Progress(o)
				}
				mu.Unlock()
			}
		})
	}
	for i := range selected {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	return outcomes
}

// workshop is a scratch folder with a bench for each build that is tried at a
// time. The folders keep their names, so that the build cache serves.
type workshop struct {
	dir     string
	library string // the library's sources
	suite   string // this module's
}

func newWorkshop(ctx context.Context) (*workshop, error) {
	library, err := moduleDir(ctx, "github.com/mmapguard/go/mmapguard")
	if err != nil {
		return nil, err
	}
	suite, err := moduleDir(ctx, "github.com/mmapguard/go/conformance")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "mmapguard-broken-")
	return &workshop{dir, library, suite}, err
}

func moduleDir(ctx context.Context, module string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("finding %s: %w", module, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// try builds the suite with a broken library, and runs it.
func (w *workshop) try(ctx context.Context, bench int, m Mutation, all bool) Outcome {
	start := time.Now()
	o := Outcome{Mutation: m}
	dir := filepath.Join(w.dir, fmt.Sprint(bench))
	program, err := w.build(ctx, dir, m)
	if err == nil && !all {
		o.Caught, err = runSuite(ctx, program, dir, "--run", "^"+m.Expect+"$")
	}
	if err == nil && len(o.Caught) == 0 {
		o.Caught, err = runSuite(ctx, program, dir)
	}
	o.Err, o.Seconds = err, time.Since(start).Seconds()
	return o
}

func (w *workshop) build(ctx context.Context, dir string, m Mutation) (program string, err error) {
	library := filepath.Join(dir, "mmapguard")
	if err := copySources(library, w.library); err != nil {
		return "", err
	}
	if err := m.Apply(library); err != nil {
		return "", err
	}
	workspace := filepath.Join(dir, "go.work")
	// The suite requires the library at a version that is in no proxy.
	text := fmt.Sprintf("go 1.25.0\n\nuse (\n\t%q\n\t%q\n)\n\nreplace github.com/mmapguard/go/mmapguard v0.0.0 => %[1]q\n", library, w.suite)
	if err := os.WriteFile(workspace, []byte(text), 0o644); err != nil {
		return "", err
	}
	program = filepath.Join(dir, "mmapguard-conformance")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./cmd/mmapguard-conformance")
	cmd.Dir = w.suite
	cmd.Env = append(os.Environ(), "GOWORK="+workspace, "GOPROXY=off", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("mutation %s does not build: %w\n%s", m.Name, err, out)
	}
	return program, nil
}

// copySources copies a module's own files, in place of those of the mutation
// before.
func copySources(to, from string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(from, path)
		if err = errors.Join(err, relErr); err != nil {
			return err
		}
		if entry.IsDir() {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && rel != "." {
				return filepath.SkipDir // a module of its own
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		if strings.HasSuffix(rel, "_test.go") || !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, 0o644)
	})
}

// runSuite runs the suite and returns the cases that were broken.
func runSuite(ctx context.Context, program, dir string, also ...string) ([]string, error) {
	// A case mounts a file system, which a process that is confined cannot.
	args := append([]string{"--no-confine", "--dir", dir, "--json", "-", "--timeout", caseTimeout.String()}, also...)
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	runErr := cmd.Run()
	r, err := report.ReadJSON(&stdout)
	if err != nil {
		return nil, errors.Join(err, runErr, errors.New(stderr.String()))
	}
	var caught []string
	for _, result := range r.Results {
		if result.Verdict == report.Broken && !slices.Contains(caught, result.ID) {
			caught = append(caught, result.ID)
		}
	}
	return caught, nil
}
