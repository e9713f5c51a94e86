package strike

import "golang.org/x/sys/unix"

func init() {
	names[unix.SYS_MMAP] = "mmap"
	names[unix.SYS_FSTAT] = "fstat"
	names[unix.SYS_FCNTL] = "fcntl"
}

// ntPrstatus is the register set of the general registers (elf.h, NT_PRSTATUS).
const ntPrstatus = 1

// readCall finds the number in x8. The answer takes the place of the first
// argument in x0, which is why that is only good before the call.
func readCall(tid int) (number uint64, args [6]uint64, result int64, err error) {
	var r unix.PtraceRegsArm64
	if err := unix.PtraceGetRegSetArm64(tid, ntPrstatus, &r); err != nil {
		return 0, args, 0, err
	}
	copy(args[:], r.Regs[:6])
	return r.Regs[8], args, int64(r.Regs[0]), nil
}
