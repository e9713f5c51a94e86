package conformance

import (
	"runtime"

	"github.com/mmapguard/go/mmapguard"
)

// platformMechanisms are those that the library has for a system.
func platformMechanisms() []mmapguard.Mechanism {
	switch runtime.GOOS {
	case "linux":
		return []mmapguard.Mechanism{
			mmapguard.MechanismFlock, mmapguard.MechanismLease, mmapguard.MechanismReflink,
			mmapguard.MechanismLeasedCopy, mmapguard.MechanismCheckedCopy,
			mmapguard.MechanismSealedMemfd, mmapguard.MechanismFsVerity,
		}
	case "darwin":
		return []mmapguard.Mechanism{mmapguard.MechanismFlock, mmapguard.MechanismClonefile, mmapguard.MechanismCheckedCopy}
	case "windows":
		return []mmapguard.Mechanism{mmapguard.MechanismFlock, mmapguard.MechanismDenyWrite, mmapguard.MechanismCheckedCopy}
	}
	return []mmapguard.Mechanism{mmapguard.MechanismFlock, mmapguard.MechanismCheckedCopy}
}

// guaranteeOf is what a mechanism gives.
func guaranteeOf(m mmapguard.Mechanism) mmapguard.Guarantee {
	for _, r := range mmapguard.Ladder() {
		if r.Mechanism == m {
			return r.Guarantee
		}
	}
	return mmapguard.Cooperative
}
