package profile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/mmapguard/go/tools/internal/trace/abi"
)

// Confinement says how the profile that programs confine themselves to follows
// from what was measured, and what it has besides. Calls that it does not name
// are allowed as they were measured; others are refused.
type Confinement struct {
	Architectures []string    `yaml:"architectures"` // in the names of the OCI
	Treatments    []Treatment `yaml:"calls"`
}

// Treatment is what becomes of some calls, in one of four ways: allowed whatever
// their arguments (any), allowed under conditions (when), allowed with the
// measured values of one argument (only), or refused (refuse).
type Treatment struct {
	Calls []string    `yaml:"calls"`
	Any   bool        `yaml:"any"`
	When  []Condition `yaml:"when"`
	Only  *Values     `yaml:"only"`
	// Refuse is how: "error", "kill", or "missing", which a program understands
	// as a kernel that has no such call.
	Refuse string `yaml:"refuse"`
	// Else is how calls are refused that meet no condition.
	Else string `yaml:"else"`
	// Without are measured calls that are refused all the same.
	Without []string `yaml:"without"`
	// Unmeasured tells that no trace has these calls.
	Unmeasured bool   `yaml:"unmeasured"`
	Why        string `yaml:"why"`
}

// Condition is that an argument equals a value, in the bits of a mask if there
// is one.
type Condition struct {
	Arg    int      `yaml:"arg"`
	Domain string   `yaml:"domain"`
	Mask   []string `yaml:"mask"`
	// Except are bits of the mask that do not count: O_TMPFILE contains O_DIRECTORY.
	Except []string `yaml:"except"`
	Set    []string `yaml:"set"` // the names of the value's bits; none is 0
}

// Values are those of an argument: the measured ones, and others by name.
type Values struct {
	Arg    int      `yaml:"arg"`
	Domain string   `yaml:"domain"`
	Also   []string `yaml:"also"`
}

// refusals are the actions of an OCI profile; ENOSYS makes the Go runtime and
// others fall back to an older call.
var refusals = map[string]ociSyscall{
	"error": {Action: "SCMP_ACT_ERRNO", Errno: errnoEPERM}, "kill": {Action: "SCMP_ACT_KILL_PROCESS"},
	"missing": {Action: "SCMP_ACT_ERRNO", Errno: errnoENOSYS},
}

// Numbers of asm-generic/errno.h.
const (
	errnoEPERM  = 1
	errnoENOSYS = 38
)

// ReadConfinement reads the file, strictly.
func ReadConfinement(name string) (*Confinement, error) {
	text, err := os.ReadFile(name) // #nosec G304 -- reading what the user names is the purpose
	if err != nil {
		return nil, err
	}
	var c Confinement
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, t := range c.Treatments {
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("%s: calls %q: %w", name, t.Calls, err)
		}
	}
	return &c, nil
}

func (t Treatment) check() error {
	ways := 0
	for _, way := range []bool{t.Any, t.When != nil, t.Only != nil, t.Refuse != ""} {
		if way {
			ways++
		}
	}
	_, knownRefuse := refusals[t.Refuse]
	_, knownElse := refusals[t.Else]
	switch {
	case len(t.Calls) == 0 || t.Why == "":
		return errors.New("calls and a why are needed")
	case ways != 1:
		return errors.New("want one of any, when, only, refuse")
	case t.Refuse != "" && !knownRefuse, t.Else != "" && !knownElse:
		return errors.New("refuse and else are one of error, kill, missing")
	case t.Else != "" && t.When == nil && t.Only == nil:
		return errors.New("else goes with when and only")
	}
	return nil
}

// Confine makes the profile that programs confine themselves to.
func (c *Confinement) Confine(p *Profile) (*ociProfile, error) {
	table, ok := abi.For(p.Arch)
	if !ok {
		return nil, fmt.Errorf("arch %q is unknown", p.Arch)
	}
	b := &confiner{table: table, measured: p.Allowed(), treated: map[string]bool{}}
	for _, t := range c.Treatments {
		if err := b.treat(t); err != nil {
			return nil, fmt.Errorf("calls %q: %w", t.Calls, err)
		}
	}
	b.asMeasured()
	slices.Sort(b.free)
	b.entries = append(b.entries, ociSyscall{Names: slices.Compact(b.free), Action: allow})
	return &ociProfile{DefaultAction: "SCMP_ACT_ERRNO", Errno: errnoEPERM, Architectures: c.Architectures, Syscalls: b.entries}, nil
}
