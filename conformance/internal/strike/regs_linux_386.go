package strike

import "golang.org/x/sys/unix"

func init() {
	names[unix.SYS_MMAP2] = "mmap"
	names[unix.SYS_FSTAT64] = "fstat"
	names[unix.SYS_FCNTL64] = "fcntl"
}

func readCall(tid int) (number uint64, args [6]uint64, result int64, err error) {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return 0, args, 0, err
	}
	args = [6]uint64{
		uint64(uint32(r.Ebx)), uint64(uint32(r.Ecx)), uint64(uint32(r.Edx)),
		uint64(uint32(r.Esi)), uint64(uint32(r.Edi)), uint64(uint32(r.Ebp)),
	}
	return uint64(uint32(r.Orig_eax)), args, resultOf(r.Eax), nil
}

// resultOf is a call's result: an address may lie in the upper half, and only
// the last page's worth of values are errors.
func resultOf(eax int32) int64 {
	const lastErrno = 4095
	if eax < 0 && eax >= -lastErrno {
		return int64(eax)
	}
	return int64(uint32(eax))
}
