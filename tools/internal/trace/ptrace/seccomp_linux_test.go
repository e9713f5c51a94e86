//go:build amd64 || arm64

package ptrace

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/tools/internal/trace/abi"
)

// verdict runs a filter on a call, as the kernel would. The interpreter reads
// numbers in the order of networks.
func verdict(t *testing.T, filter []unix.SockFilter, arch uint32, number uint64) int {
	t.Helper()
	var program []bpf.Instruction
	for _, i := range filter {
		program = append(program, bpf.RawInstruction{Op: i.Code, Jt: i.Jt, Jf: i.Jf, K: i.K}.Disassemble())
	}
	vm, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 64)
	binary.BigEndian.PutUint32(data[dataNumber:], uint32(number))
	binary.BigEndian.PutUint32(data[dataArch:], arch)
	got, err := vm.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// The filter stops the program at the calls that are wanted, at those made in
// another processor's way, and at no others.
func TestFilterStopsAtWhatIsWanted(t *testing.T) {
	table, _ := abi.Native()
	var all []uint64
	for _, name := range table.Names() {
		n, _ := table.Number(name)
		all = append(all, n)
	}
	random := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- the same numbers at every run are wanted
	for _, share := range []float64{0, 0.01, 0.3, 0.9, 1} {
		wanted, list := map[uint64]bool{}, []uint64{}
		for _, n := range all {
			if random.Float64() < share {
				wanted[n] = true
				list = append(list, n)
			}
		}
		filter, err := assemble(table.Audit, list, nil)
		if err != nil {
			t.Fatal(err)
		}
		for n := range uint64(1000) {
			want := unix.SECCOMP_RET_ALLOW
			if wanted[n] {
				want = unix.SECCOMP_RET_TRACE
			}
			if got := verdict(t, filter, table.Audit, n); got != want {
				t.Fatalf("%d of %d calls: number %d gets %#x, want %#x", len(list), len(all), n, got, want)
			}
		}
		const x32 = 0x40000000
		if verdict(t, filter, 1, all[0]) != unix.SECCOMP_RET_TRACE || verdict(t, filter, table.Audit, all[0]|x32) != unix.SECCOMP_RET_TRACE {
			t.Error("a call made in another way goes unseen")
		}
	}
}

// Without a list all calls are wanted but those that are spared.
func TestFilterOfAllCalls(t *testing.T) {
	table, _ := abi.Native()
	filter, err := assemble(table.Audit, nil, []uint64{3, 4, 7})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[uint64]int{
		0: unix.SECCOMP_RET_TRACE, 3: unix.SECCOMP_RET_ALLOW, 4: unix.SECCOMP_RET_ALLOW, 5: unix.SECCOMP_RET_TRACE,
		7: unix.SECCOMP_RET_ALLOW, 8: unix.SECCOMP_RET_TRACE, 999: unix.SECCOMP_RET_TRACE,
	} {
		if got := verdict(t, filter, table.Audit, n); got != want {
			t.Errorf("number %d gets %#x, want %#x", n, got, want)
		}
	}
}
