//go:build unix && !aix

package mmapguard

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// stampNow looks at an open file that nobody closes meanwhile. It is Stat
// without the description that package os allocates.
func stampNow(f *os.File) (stamp, error) {
	var st unix.Stat_t
	err := unix.Fstat(int(f.Fd()), &st)
	for err != nil && interrupted(err) {
		err = unix.Fstat(int(f.Fd()), &st)
	}
	runtime.KeepAlive(f)
	return stamp{st.Size, st.Mtim.Nano(), st.Ctim.Nano()}, err
}
