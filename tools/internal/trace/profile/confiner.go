package profile

import (
	"errors"
	"fmt"
	"slices"

	"github.com/mmapguard/go/tools/internal/trace/abi"
)

// confiner puts a profile together.
type confiner struct {
	table    *abi.Table
	measured []Call
	treated  map[string]bool // calls, by name
	free     []string        // calls that are allowed whatever their arguments
	entries  []ociSyscall
}

// of are the measured calls of a name.
func (b *confiner) of(name string) (calls []Call) {
	for _, c := range b.measured {
		if c.Syscall == name {
			calls = append(calls, c)
		}
	}
	return calls
}

// treat carries a treatment out, if what it says about the measurement is true.
func (b *confiner) treat(t Treatment) error {
	for _, name := range t.Calls {
		switch was := len(b.of(name)) > 0; {
		case b.treated[name]:
			return fmt.Errorf("%s is treated twice", name)
		case was && t.Unmeasured:
			return fmt.Errorf("%s was measured", name)
		case !was && !t.Unmeasured:
			return fmt.Errorf("%s was not measured; say unmeasured, or leave it out", name)
		}
		b.treated[name] = true
	}
	switch {
	case t.Any:
		b.free = append(b.free, t.Calls...)
	case t.Refuse != "":
		b.refuse(t.Calls, t.Refuse)
	case t.Only != nil:
		return b.only(t)
	default:
		return b.when(t)
	}
	return nil
}

func (b *confiner) refuse(calls []string, how string) {
	entry := refusals[how]
	entry.Names = calls
	b.entries = append(b.entries, entry)
}

// only allows the values of one argument.
func (b *confiner) only(t Treatment) error {
	var values []uint64
	for _, name := range t.Calls {
		for _, c := range b.of(name) {
			if slices.Contains(t.Without, c.String()) {
				continue
			}
			at := slices.IndexFunc(c.Args, func(a Arg) bool { return a.Index == t.Only.Arg })
			if at < 0 {
				return fmt.Errorf("%v has no argument %d that is a flag", c, t.Only.Arg)
			}
			values = append(values, c.Args[at].Value)
		}
	}
	if err := b.stale(t); err != nil {
		return err
	}
	for _, name := range t.Only.Also {
		v, err := b.value(t.Only.Domain, []string{name})
		if err != nil {
			return err
		}
		if slices.Contains(values, v) {
			return fmt.Errorf("%s was measured", name)
		}
		values = append(values, v)
	}
	slices.Sort(values)
	for _, v := range slices.Compact(values) {
		b.entries = append(b.entries, ociSyscall{Names: t.Calls, Action: allow, Args: []ociArg{{Index: t.Only.Arg, Value: v, Op: opEqual}}})
	}
	b.otherwise(t)
	return nil
}

// when allows calls under conditions, which all that was measured has to meet.
func (b *confiner) when(t Treatment) error {
	entry := ociSyscall{Names: t.Calls, Action: allow}
	for _, condition := range t.When {
		arg, err := b.condition(condition)
		if err != nil {
			return err
		}
		entry.Args = append(entry.Args, arg)
	}
	if err := b.covered(t, entry); err != nil {
		return err
	}
	b.entries = append(b.entries, entry)
	b.otherwise(t)
	return b.stale(t)
}

func (b *confiner) condition(c Condition) (ociArg, error) {
	mask, maskErr := b.value(c.Domain, c.Mask)
	except, exceptErr := b.value(c.Domain, c.Except)
	set, setErr := b.value(c.Domain, c.Set)
	if err := errors.Join(maskErr, exceptErr, setErr); err != nil {
		return ociArg{}, err
	}
	if mask == 0 {
		return ociArg{Index: c.Arg, Value: set, Op: opEqual}, nil
	}
	return ociArg{Index: c.Arg, Value: mask &^ except, ValueTwo: set, Op: opMasked}, nil
}

// covered wants that measured calls meet the conditions.
func (b *confiner) covered(t Treatment, entry ociSyscall) error {
	for _, name := range t.Calls {
		for _, c := range b.of(name) {
			for _, a := range c.Args {
				if !entry.meets(a) && !slices.Contains(t.Without, c.String()) {
					return fmt.Errorf("%v was measured, and would be refused", c)
				}
			}
		}
	}
	return nil
}

func (s ociSyscall) meets(a Arg) bool {
	for _, condition := range s.Args {
		mask := ^uint64(0)
		want := condition.Value
		if condition.Op == opMasked {
			mask, want = condition.Value, condition.ValueTwo
		}
		if condition.Index == a.Index && a.Value&mask != want {
			return false
		}
	}
	return true
}

// stale wants that what is refused in spite of having been measured was.
func (b *confiner) stale(t Treatment) error {
	for _, text := range t.Without {
		if !slices.ContainsFunc(b.measured, func(c Call) bool { return c.String() == text }) {
			return fmt.Errorf("%s was not measured", text)
		}
	}
	return nil
}

func (b *confiner) otherwise(t Treatment) {
	if t.Else != "" {
		b.refuse(t.Calls, t.Else)
	}
}

// value joins named bits of a domain.
func (b *confiner) value(domain string, names []string) (v uint64, err error) {
	for _, name := range names {
		bits, ok := b.table.Constant(domain, name)
		if !ok {
			return 0, fmt.Errorf("%q is no value of %q", name, domain)
		}
		v |= bits
	}
	return v, nil
}

// asMeasured allows the calls that nothing was said about.
func (b *confiner) asMeasured() {
	for _, c := range b.measured {
		switch {
		case b.treated[c.Syscall]:
		case len(c.Args) == 0:
			b.free = append(b.free, c.Syscall)
		default:
			b.entries = append(b.entries, ociCall(c))
		}
	}
}
