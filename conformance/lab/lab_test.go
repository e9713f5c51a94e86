//go:build linux

package lab

import (
	"slices"
	"strings"
	"testing"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"1": 1, "4k": 4096, "300M": 300 << 20, "12G": 12 << 30, "2T": 2 << 40} {
		if got, err := ParseSize(text); got != want || err != nil {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "G", "0", "-1", "-3G", "1.5G", "1P", "9999999T", "99999999999999999999"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestMissingNamesWhatWouldHelp(t *testing.T) {
	k := kind{name: "x", fstype: "tmpfs", tool: "mkfs.nonesuch", pkg: "nonesuch-progs"}
	if got := k.missing(); !strings.Contains(got, "mkfs.nonesuch missing: package nonesuch-progs") {
		if !strings.HasPrefix(got, "no private namespaces") {
			t.Errorf("tool: %q", got)
		}
	}
	k = kind{name: "x", fstype: "nonesuchfs"}
	if got := k.missing(); got != "this kernel has no nonesuchfs" {
		t.Errorf("kernel: %q", got)
	}
}

func TestKernelModulesCount(t *testing.T) {
	deps := []byte("kernel/fs/xfs/xfs.ko.xz: kernel/lib/libcrc32c.ko.xz\nkernel/fs/f2fs/f2fs.ko:\n")
	for name, want := range map[string]bool{"xfs": true, "f2fs": true, "fs": false, "libcrc32c": false} {
		if got := hasModule(deps, name); got != want {
			t.Errorf("module %s: %v", name, got)
		}
	}
	table := []byte("nodev\ttmpfs\n\text4\n")
	for name, want := range map[string]bool{"tmpfs": true, "ext4": true, "nodev": false, "ext": false} {
		if got := listed(table, name); got != want {
			t.Errorf("file system %s: %v", name, got)
		}
	}
}

func TestListNamesAreUniqueAndReasonsGiven(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range List() {
		if key := e.Command + " " + e.Name; seen[key] {
			t.Errorf("%s is listed twice", key)
		} else {
			seen[key] = true
		}
		if e.Available == (e.Reason != "") {
			t.Errorf("%s: available %v, reason %q", e.Name, e.Available, e.Reason)
		}
	}
}

func TestSetupWantsEachMissingPackageOnce(t *testing.T) {
	before := missingPackages(nil)
	old := kinds
	defer func() { kinds = old }()
	fake := kind{tool: "mkfs.nonesuch", pkg: "nonesuch-progs"}
	kinds = append(slices.Clone(kinds), fake, fake)
	if got, want := missingPackages(nil), slices.Concat(before, []string{"nonesuch-progs"}); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("%q; want %q", got, want)
	}
	for _, e := range List() {
		if e.Command == "vm" && e.Available && len(missingPackages([]string{e.Name})) > len(missingPackages(nil)) {
			t.Errorf("%s is available, yet more would be installed for it", e.Name)
		}
	}
}

func TestSetupOfAnUnknownProcessor(t *testing.T) {
	// Only where nothing is missing: a test must not install anything.
	if missing := missingPackages(nil); len(missing) > 0 {
		t.Skipf("packages missing: %q", missing)
	}
	if err := Setup(t.Context(), t.Output(), "nonesuch"); err == nil {
		t.Error("an unknown processor was set up")
	}
}
