//go:build linux

package vm

// An arch is a processor the lab can boot.
type arch struct {
	name   string // as on the command line
	goarch string
	debian string // Debian's name for it
	kernel string // the package that depends on the newest kernel
	qemu   string // the emulator
	pkg    string // the package that brings it
	// machine are the emulator's arguments for it; console its console device.
	machine []string
	console string
	// bus is the suffix of virtio devices.
	bus string
	// page is the kernel's page size in bytes: file systems use the same.
	page int
	// modules make the virtio devices work.
	modules []string
}

// arches is every processor the lab knows.
var arches = []arch{
	{name: "x86-64", goarch: "amd64", debian: "amd64", kernel: "linux-image-amd64",
		qemu: "qemu-system-x86_64", pkg: "qemu-system-x86", machine: []string{"-M", "q35"},
		console: "ttyS0", bus: "pci", page: 4096, modules: pciModules},
	{name: "arm64", goarch: "arm64", debian: "arm64", kernel: "linux-image-arm64",
		qemu: "qemu-system-aarch64", pkg: "qemu-system-arm", machine: []string{"-M", "virt", "-cpu", "cortex-a57"},
		console: "ttyAMA0", bus: "pci", page: 4096, modules: pciModules},
	{name: "ppc64le", goarch: "ppc64le", debian: "ppc64el", kernel: "linux-image-powerpc64le",
		qemu: "qemu-system-ppc64", pkg: "qemu-system-ppc", machine: []string{"-M", "pseries", "-vga", "none"},
		console: "hvc0", bus: "pci", page: 65536, modules: pciModules},
	{name: "s390x", goarch: "s390x", debian: "s390x", kernel: "linux-image-s390x",
		qemu: "qemu-system-s390x", pkg: "qemu-system-misc", machine: []string{"-M", "s390-ccw-virtio"},
		console: "ttysclp0", bus: "ccw", page: 4096, modules: []string{"virtio_blk", "virtio_console"}},
}

var pciModules = []string{"virtio_pci", "virtio_blk", "virtio_console"}

// archNamed finds an arch by the lab's name for it or Go's.
func archNamed(name string) (arch, bool) {
	for _, a := range arches {
		if a.name == name || a.goarch == name {
			return a, true
		}
	}
	return arch{}, false
}
