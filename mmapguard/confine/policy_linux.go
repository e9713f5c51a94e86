package confine

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"os"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/sys/unix"
)

// These are the parts of a seccomp profile of the OCI runtime specification
// (config-linux.md, "Seccomp") that confine uses; anything else is an error.
type (
	profile struct {
		DefaultAction   string  `json:"defaultAction"`
		DefaultErrnoRet *uint32 `json:"defaultErrnoRet"`
		Syscalls        []entry `json:"syscalls"`
	}
	entry struct {
		Names    []string `json:"names"`
		Action   string   `json:"action"`
		ErrnoRet *uint32  `json:"errnoRet"`
		Args     []arg    `json:"args"`
	}
	arg struct {
		Index    uint32 `json:"index"`
		Value    uint64 `json:"value"`
		ValueTwo uint64 `json:"valueTwo"`
		Op       string `json:"op"`
	}
)

// A call is what a profile says about one system call: allowed always, or if one
// of the sets of conditions is met; else the last action.
type call struct {
	name   string
	always bool
	allow  []seccomp.ArgumentConditions
	last   seccomp.Action
}

// policiesOf translates a profile, with more entries, for this processor. Calls
// that it does not have are left out.
//
// The result are several filters, all of which the kernel asks, and of whose
// answers it takes the sternest: one for each call with conditions, which denies
// what meets none of them and allows the rest, and one for the names alone. They
// are not one because go-seccomp-bpf 1.6.0 goes on with the next call after
// conditions that failed, but compares its number with the argument that it
// loaded last: an argument could pass for another, allowed, call.
func policiesOf(text []byte, more ...entry) ([]seccomp.Policy, error) {
	var p profile
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, err
	}
	p.Syscalls = append(p.Syscalls, more...)
	info, err := arch.GetInfo("")
	if err != nil {
		return nil, err
	}
	otherwise, err := action(p.DefaultAction, p.DefaultErrnoRet)
	if err != nil {
		return nil, err
	}
	if otherwise == seccomp.ActionAllow {
		return nil, errors.New("the default action allows everything")
	}
	calls, err := p.calls(info, otherwise)
	if err != nil {
		return nil, err
	}
	policies := make([]seccomp.Policy, 0, len(calls))
	for _, c := range calls {
		if !c.always && len(c.allow) > 0 {
			policies = append(policies, c.policy())
		}
	}
	// The last, because it does not allow that there be another.
	return append(policies, names(calls, otherwise)), nil
}

// calls collects what the entries say about each call, in their order.
func (p *profile) calls(info *arch.Info, otherwise seccomp.Action) ([]*call, error) {
	var calls []*call
	known := map[string]*call{}
	for _, e := range p.Syscalls {
		for _, name := range e.Names {
			if _, ok := info.SyscallNames[name]; !ok {
				continue
			}
			if known[name] == nil {
				known[name] = &call{name: name, last: otherwise}
				calls = append(calls, known[name])
			}
			if err := known[name].add(e); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return calls, nil
}

// add takes an entry in. What is allowed under conditions may be followed by an
// action for the rest; other uses of conditions are not understood.
func (c *call) add(e entry) error {
	act, err := action(e.Action, e.ErrnoRet)
	if err != nil {
		return err
	}
	var all seccomp.ArgumentConditions
	for _, a := range e.Args {
		list, err := a.conditions()
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	all = append(all, own(c.name)...)
	switch {
	case len(all) == 0 && act == seccomp.ActionAllow:
		c.always = true
	case act == seccomp.ActionAllow:
		c.allow = append(c.allow, all)
	case len(e.Args) == 0:
		c.last = act
	default:
		return fmt.Errorf("%s with conditions", e.Action)
	}
	return nil
}

// policy denies the call if each of its sets has a condition that is not met.
func (c *call) policy() seccomp.Policy {
	denied := []seccomp.ArgumentConditions{nil}
	for _, set := range c.allow {
		var next []seccomp.ArgumentConditions
		for _, unmet := range set {
			unmet.Operation = opposite[unmet.Operation]
			for _, others := range denied {
				next = append(next, append(others[:len(others):len(others)], unmet))
			}
		}
		denied = next
	}
	group := seccomp.SyscallGroup{Action: c.last}
	for _, conditions := range denied {
		group.NamesWithCondtions = append(group.NamesWithCondtions, seccomp.NameWithConditions{Name: c.name, Conditions: conditions})
	}
	return seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: []seccomp.SyscallGroup{group}}
}

// opposite are the operations that are met exactly when the other is not.
var opposite = map[seccomp.Operation]seccomp.Operation{
	seccomp.Equal: seccomp.NotEqual, seccomp.BitsSet: seccomp.BitsNotSet, seccomp.BitsNotSet: seccomp.BitsSet,
}

// names is the filter that goes by names alone.
func names(calls []*call, otherwise seccomp.Action) seccomp.Policy {
	byAction := map[seccomp.Action]int{}
	policy := seccomp.Policy{DefaultAction: otherwise}
	for _, c := range calls {
		act := c.last
		if c.always || len(c.allow) > 0 {
			act = seccomp.ActionAllow
		}
		i, ok := byAction[act]
		if !ok {
			i = len(policy.Syscalls)
			byAction[act] = i
			policy.Syscalls = append(policy.Syscalls, seccomp.SyscallGroup{Action: act})
		}
		policy.Syscalls[i].Names = append(policy.Syscalls[i].Names, c.name)
	}
	return policy
}

// own is what a profile cannot say, because it is not the same in two processes:
// signals are for the process itself.
func own(name string) seccomp.ArgumentConditions {
	if name != "tgkill" {
		return nil
	}
	return seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.Equal, Value: uint64(os.Getpid())}} // #nosec G115 -- it is positive
}

func action(name string, errno *uint32) (seccomp.Action, error) {
	switch name {
	case "SCMP_ACT_ALLOW":
		return seccomp.ActionAllow, nil
	case "SCMP_ACT_KILL_PROCESS":
		return seccomp.ActionKillProcess, nil
	case "SCMP_ACT_ERRNO":
		if errno == nil || *errno == uint32(unix.EPERM) {
			return seccomp.ActionErrno, nil // which go-seccomp-bpf makes EPERM
		}
		return seccomp.ActionErrno | seccomp.Action(*errno), nil
	}
	return 0, fmt.Errorf("action %q is not one of SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_KILL_PROCESS", name)
}

// conditions puts a comparison into those that the filter knows: "the masked
// value equals this" is "each of these bits, and none of the others".
func (a arg) conditions() (list seccomp.ArgumentConditions, err error) {
	switch a.Op {
	case "SCMP_CMP_EQ":
		return seccomp.ArgumentConditions{{Argument: a.Index, Operation: seccomp.Equal, Value: a.Value}}, nil
	case "SCMP_CMP_MASKED_EQ":
	default:
		return nil, fmt.Errorf("operator %q is not one of SCMP_CMP_EQ, SCMP_CMP_MASKED_EQ", a.Op)
	}
	if none := a.Value &^ a.ValueTwo; none != 0 {
		list = append(list, seccomp.Condition{Argument: a.Index, Operation: seccomp.BitsNotSet, Value: none})
	}
	for set := a.Value & a.ValueTwo; set != 0; set &= set - 1 {
		bit := uint64(1) << bits.TrailingZeros64(set)
		list = append(list, seccomp.Condition{Argument: a.Index, Operation: seccomp.BitsSet, Value: bit})
	}
	return list, nil
}
