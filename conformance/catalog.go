package conformance

import (
	"slices"

	"github.com/mmapguard/go/mmapguard"
)

// Catalog lists all cases, in the order of their requirement, attack or trap.
func Catalog() []Case {
	return slices.Concat(
		sr1, sr2, sr3, sr4, sr5, sr6, sr7,
		av1, av2, av2Leases, av3, av4, av5,
		traps1, traps2, traps5, traps9, traps12, traps16,
	)
}

// Find is the case with the given ID.
func Find(id string) (Case, bool) {
	all := Catalog()
	i := slices.IndexFunc(all, func(c Case) bool { return c.ID == id })
	if i < 0 {
		return Case{}, false
	}
	return all[i], true
}

// The mechanisms that promises are made for.
var (
	each = []mmapguard.Mechanism{
		mmapguard.MechanismFlock, mmapguard.MechanismLease, mmapguard.MechanismDenyWrite,
		mmapguard.MechanismReflink, mmapguard.MechanismClonefile, mmapguard.MechanismLeasedCopy,
		mmapguard.MechanismCheckedCopy, mmapguard.MechanismSealedMemfd, mmapguard.MechanismFsVerity,
	}
	// shared mechanisms show the file itself, and let others change it.
	shared = []mmapguard.Mechanism{mmapguard.MechanismFlock}
	leased = []mmapguard.Mechanism{mmapguard.MechanismLease}
	// enforced mechanisms show the file itself, and keep others' changes away.
	enforced = []mmapguard.Mechanism{mmapguard.MechanismLease, mmapguard.MechanismDenyWrite}
	// fileMaps are maps of a file, which could be made writable.
	fileMaps = []mmapguard.Mechanism{
		mmapguard.MechanismFlock, mmapguard.MechanismLease, mmapguard.MechanismReflink,
		mmapguard.MechanismClonefile, mmapguard.MechanismSealedMemfd, mmapguard.MechanismFsVerity,
	}
	// direct mechanisms show the pages of the file itself.
	direct = []mmapguard.Mechanism{mmapguard.MechanismFlock, mmapguard.MechanismLease, mmapguard.MechanismFsVerity}
	// private mechanisms give a copy that does not depend on the file.
	private = []mmapguard.Mechanism{
		mmapguard.MechanismReflink, mmapguard.MechanismClonefile, mmapguard.MechanismLeasedCopy,
		mmapguard.MechanismCheckedCopy, mmapguard.MechanismSealedMemfd,
	}
	checkedCopy = []mmapguard.Mechanism{mmapguard.MechanismCheckedCopy}
)

var (
	onLinux   = []string{"linux"}
	onWindows = []string{"windows"}
	// onUnix are systems with descriptors that the system lists, resource limits, signals.
	onUnix = []string{"linux", "darwin", "freebsd", "netbsd", "openbsd", "dragonfly"}
)
