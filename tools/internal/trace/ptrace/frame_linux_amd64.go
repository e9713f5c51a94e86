package ptrace

import "golang.org/x/sys/unix"

// framePointer reads the register that leads along the stack (System V ABI,
// AMD64 supplement, 3.2.2).
func framePointer(tid int) uint64 {
	var r unix.PtraceRegsAmd64
	if unix.PtraceGetRegsAmd64(tid, &r) != nil {
		return 0
	}
	return r.Rbp
}
