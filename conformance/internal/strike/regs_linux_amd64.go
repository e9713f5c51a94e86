package strike

import "golang.org/x/sys/unix"

func init() {
	names[unix.SYS_MMAP] = "mmap"
	names[unix.SYS_FSTAT] = "fstat"
	names[unix.SYS_FCNTL] = "fcntl"
}

func readCall(tid int) (number uint64, args [6]uint64, result int64, err error) {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return 0, args, 0, err
	}
	return r.Orig_rax, [6]uint64{r.Rdi, r.Rsi, r.Rdx, r.R10, r.R8, r.R9}, int64(r.Rax), nil
}
