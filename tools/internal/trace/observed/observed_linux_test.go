//go:build amd64 || arm64

package observed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance"
	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/filter"
	"github.com/mmapguard/go/tools/internal/trace/profile"
	"github.com/mmapguard/go/tools/internal/trace/rules"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

const (
	rulesFile   = "../../../../conformance/rules/library.yaml"
	profileFile = "../../../../conformance/profile/profile.json"
)

// suiteVar makes the test binary the program that is watched, and says where.
const suiteVar = "MMAPGUARD_OBSERVED_DIR"

// cases open, read and close files with every mechanism, fail to open some, and
// have a lease broken.
var cases = regexp.MustCompile(`^(SR-7/no-descriptor-left-after-failures|SR-7/no-mapping-left|SR-5/limits-before-map|` +
	`SR-3/cannot-be-made-writable|AV-2/truncate-while-mapped)$`)

func TestMain(m *testing.M) {
	conformance.Main()
	if dir := os.Getenv(suiteVar); dir != "" {
		os.Exit(suite(dir))
	}
	os.Exit(m.Run())
}

// suite runs the cases. What they find is the matter of other tests: here only
// what the kernel saw of them counts.
func suite(dir string) int {
	_, err := conformance.Run(context.Background(), conformance.Options{Dir: dir, Run: cases})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// watched is what was seen, once for all tests.
var watched = sync.OnceValues(func() (*rules.Checker, error) {
	set, err := loadRules()
	if err != nil {
		return nil, err
	}
	checker := rules.NewChecker(set)
	return checker, errors.Join(watch(checker, session.Config{Calls: set.Calls(), Through: set.Through(), Identify: true}), checker.Err())
})

func loadRules() (*rules.Set, error) {
	table, _ := abi.Native()
	return rules.Load(table, rulesFile)
}

// watch runs the suite under a sink, in a directory that is gone afterwards.
func watch(sink session.Sink, c session.Config) (err error) {
	dir, err := os.MkdirTemp("", "mmapguard-observed-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.Setenv(suiteVar, dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Unsetenv(suiteVar)) }()
	c.Command, c.Source, c.Lives, c.Timeout = []string{self}, true, true, 5*time.Minute
	out, err := session.Run(c, sink)
	if err == nil && (out.TimedOut || out.Status != 0) {
		err = fmt.Errorf("the suite ended with %+v", out)
	}
	return err
}

// keeps wants that the rules had something to say, and were kept.
func keeps(t *testing.T, requirement string, ids ...string) {
	t.Helper()
	checker, err := watched()
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
		t.Skipf("programs cannot be traced here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if checker.Looked[id] == 0 {
			t.Errorf("rule %s had nothing to say", id)
		}
	}
	for _, v := range checker.Violations {
		for _, id := range ids {
			if v.Rule.ID == id {
				t.Error(v)
			}
		}
	}
	set, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules() {
		if strings.Contains(" "+strings.Join(ids, " ")+" ", " "+r.ID+" ") && r.Requirement != requirement {
			t.Errorf("rule %s is for %s, not %s", r.ID, r.Requirement, requirement)
		}
	}
}

func TestMapsAreForReading(t *testing.T) {
	keeps(t, "SR-3", "file-maps-are-read-only", "mapped-descriptor-cannot-write")
}

func TestFilesAreOpenedForReadingAndNothingIsWritten(t *testing.T) {
	keeps(t, "SR-3", "opened-for-reading", "nothing-is-written")
}

func TestFilesAreLookedAtBeforeTheyAreSecured(t *testing.T) {
	keeps(t, "SR-5", "looked-at-before-secured", "files-are-regular")
}

func TestFilesAreSecuredBeforeTheyAreMapped(t *testing.T) {
	keeps(t, "SR-5", "secured-before-map")
}

func TestFilesAreLookedAtAgainBeforeTheyAreMapped(t *testing.T) {
	keeps(t, "SR-5", "looked-at-again-before-map")
}

func TestFilesAreLookedAtAfterTheyWereMapped(t *testing.T) {
	keeps(t, "SR-5", "looked-at-after-map")
}

// Where there are no clones, their rules have nothing to say.
func TestClonesAreOfSecuredFiles(t *testing.T) {
	if checker, err := watched(); err == nil && checker.Looked["cloned-from-secured"] == 0 && len(checker.Violations) == 0 {
		t.Skip("the file system of the temporary directory makes no clones")
	}
	keeps(t, "SR-5", "cloned-from-secured", "replaced-by-what-is-there")
}

func TestLocksAndLeasesOutliveMappings(t *testing.T) {
	keeps(t, "SR-6", "unmapped-before-let-go")
}

func TestNothingIsLeft(t *testing.T) {
	keeps(t, "SR-7", "nothing-is-left")
}

func TestNothingIsExecutedOrConnected(t *testing.T) {
	keeps(t, "AV-5", "nothing-is-executed")
}

// A process of the suite in which the library makes a call that is not in the
// profile is killed, and the test fails.
func TestCallsAreInTheProfile(t *testing.T) {
	p, err := profile.Read(profileFile)
	if err != nil {
		t.Fatal(err)
	}
	if table, _ := abi.Native(); p.Arch != table.Arch {
		t.Skipf("the profile is for %s", p.Arch)
	}
	set, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	holder, spared := profile.NewHolder(p, set.Owners()), filter.Set{}
	for _, call := range p.Free() {
		spared[call] = true
	}
	err = watch(holder, session.Config{Spared: spared, Through: set.Through()})
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
		t.Skipf("programs cannot be traced here: %v", err)
	}
	if err != nil {
		t.Error(err)
	}
	for _, e := range holder.Refused {
		t.Error(profile.Describe(e))
	}
	if holder.Passed == 0 {
		t.Error("no call was looked at")
	}
}
