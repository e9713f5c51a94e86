//go:build linux

package vm

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestOutcome(t *testing.T) {
	late, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	stopped, stop := context.WithCancel(context.Background())
	stop()
	for name, c := range map[string]struct {
		ctx     context.Context
		reports string
		code    int
		err     error
	}{
		"passed":                {context.Background(), "up\nexited 0\n", 0, nil},
		"failed":                {context.Background(), "up\nexited 3\n", 3, nil},
		"ended just in time":    {late, "up\nexited 3\n", 3, nil},
		"silent":                {context.Background(), "", 0, ErrNoBoot},
		"stuck in the boot":     {late, "", 0, ErrNoBoot},
		"no disk":               {context.Background(), "failed no disk\n", 0, ErrNoBoot},
		"hung":                  {late, "up\n", 0, ErrTimeout},
		"panicked":              {context.Background(), "up\n", 0, ErrDied},
		"interrupted":           {stopped, "up\n", 0, context.Canceled},
		"interrupted in boot":   {stopped, "", 0, context.Canceled},
		"cut off in the middle": {context.Background(), "up\nexi", 0, ErrDied},
	} {
		var r reports
		if _, err := r.WriteString(c.reports); err != nil {
			t.Fatal(err)
		}
		code, err := r.outcome(c.ctx)
		if code != c.code || !errors.Is(err, c.err) {
			t.Errorf("%s: %d, %v; want %d, %v", name, code, err, c.code, c.err)
		}
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	var all strings.Builder
	c := tail{copy: &all}
	for i := range 1000 {
		if _, err := c.Write([]byte(strings.Repeat(string(rune('a'+i%26)), 100))); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasSuffix(all.String(), string(c.last)) || len(c.last) != tailSize || all.Len() != 100000 {
		t.Errorf("kept %d of %d bytes", len(c.last), all.Len())
	}
}

func TestWhatIsKeptOfAKernelPackage(t *testing.T) {
	for name, want := range map[string]string{
		"./boot/vmlinuz-6.1.0-50-arm64":                                  "kernel",
		"./boot/vmlinux-6.1.0-50-powerpc64le":                            "kernel",
		"./boot/System.map-6.1.0-50-arm64":                               "",
		"./lib/modules/6.1.0/modules.builtin":                            builtinFile,
		"./lib/modules/6.1.0/kernel/fs/ext4/ext4.ko":                     "modules/ext4.ko",
		"./usr/lib/modules/6.1.0/kernel/drivers/virtio/virtio_pci.ko":    "modules/virtio_pci.ko",
		"./lib/modules/6.1.0/kernel/drivers/net/ethernet/intel/e1000.ko": "",
		"./lib/modules/6.1.0/kernel/drivers/gpu/drm/fs/whatever.ko":      "",
	} {
		if got := placeOf(name); got != want {
			t.Errorf("%s: %q; want %q", name, got, want)
		}
	}
}

func TestModulesComeAfterThoseTheyNeed(t *testing.T) {
	for _, a := range arches {
		t.Run(a.name, func(t *testing.T) {
			if reason := a.missingKernel(); reason != "" {
				t.Skip(reason)
			}
			dir, err := a.kernelDir()
			if err != nil {
				t.Fatal(err)
			}
			set := moduleSet{kernel: dir}
			for _, name := range []string{"ext4", "btrfs", "dm-mod", "dm_mod"} {
				if err := set.add(name); err != nil {
					t.Fatal(err)
				}
			}
			for _, pair := range [][2]string{{"jbd2.ko", "ext4.ko"}, {"xor.ko", "btrfs.ko"}} {
				first, then := slices.Index(set.order, pair[0]), slices.Index(set.order, pair[1])
				if first < 0 || first > then {
					t.Errorf("%v in %v", pair, set.order)
				}
			}
			if n := len(slices.Compact(slices.Sorted(slices.Values(set.order)))); n != len(set.order) {
				t.Errorf("a module twice in %v", set.order)
			}
			if err := set.add("nonesuch"); err == nil {
				t.Error("an unknown module was found")
			}
		})
	}
}
