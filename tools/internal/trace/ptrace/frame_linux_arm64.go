package ptrace

import "golang.org/x/sys/unix"

const (
	ntPrstatus    = 1  // the set of the general registers (elf.h)
	frameRegister = 29 // AAPCS64, 6.4.6
)

// framePointer reads the register that leads along the stack.
func framePointer(tid int) uint64 {
	var r unix.PtraceRegsArm64
	if unix.PtraceGetRegSetArm64(tid, ntPrstatus, &r) != nil {
		return 0
	}
	return r.Regs[frameRegister]
}
