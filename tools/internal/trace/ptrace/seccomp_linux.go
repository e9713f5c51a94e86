//go:build amd64 || arm64

package ptrace

import (
	"errors"
	"reflect"
	"runtime"
	"slices"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Offsets in what a filter looks at (linux/seccomp.h, struct seccomp_data).
const (
	dataNumber = 0
	dataArch   = 4
)

// assemble makes a filter that stops the program at the calls wanted, or if nil
// are, at all but those spared; and at all that are made in the way of another
// processor. x32 calls have a bit in their numbers (asm/unistd.h,
// __X32_SYSCALL_BIT) that makes them no number of the list; they count as
// another processor's too.
func assemble(audit uint32, calls, spared []uint64) ([]unix.SockFilter, error) {
	const x32 = 0x40000000
	stop, pass := bpf.RetConstant{Val: unix.SECCOMP_RET_TRACE}, bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW}
	listed, others, list := stop, pass, calls
	if calls == nil {
		listed, others, list = pass, stop, spared
	}
	program := []bpf.Instruction{
		bpf.LoadAbsolute{Off: dataArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: audit, SkipTrue: 1},
		stop,
		bpf.LoadAbsolute{Off: dataNumber, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpLessThan, Val: x32, SkipTrue: 1},
		stop,
	}
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	// Runs of numbers are one comparison with either end.
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n] == sorted[0]+uint64(n) { // #nosec G115 -- a length
			n++
		}
		first, last := uint32(sorted[0]), uint32(sorted[n-1]) // #nosec G115 -- numbers of calls fit
		program = append(program,
			bpf.JumpIf{Cond: bpf.JumpLessThan, Val: first, SkipTrue: 2},
			bpf.JumpIf{Cond: bpf.JumpGreaterThan, Val: last, SkipTrue: 1},
			listed)
		sorted = sorted[n:]
	}
	return translate(append(program, others))
}

func translate(program []bpf.Instruction) ([]unix.SockFilter, error) {
	raw, err := bpf.Assemble(program)
	if err != nil {
		return nil, err
	}
	var filter []unix.SockFilter
	for _, i := range raw {
		filter = append(filter, unix.SockFilter{Code: i.Op, Jt: i.Jt, Jf: i.Jf, K: i.K})
	}
	return filter, nil
}

// install puts the filter on this thread. Without CAP_SYS_ADMIN the kernel asks
// for PR_SET_NO_NEW_PRIVS first.
func install(filter []unix.SockFilter) error {
	err := setFilter(filter)
	if !errors.Is(err, unix.EACCES) {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	return setFilter(filter)
}

func setFilter(filter []unix.SockFilter) error {
	program := &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]} // #nosec G115 -- a few hundred instructions
	defer runtime.KeepAlive(program)
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, reflect.ValueOf(program).Pointer(), 0, 0)
}
