package sysinfo

import (
	"os"
	"strings"
)

func limits() []Limit {
	return []Limit{
		{"fs.lease-break-time", procValue("fs/lease-break-time", " s"), "how long a writer waits for a lease to be given up"},
		{"fs.leases-enable", procValue("fs/leases-enable", ""), "1: the kernel grants leases"},
		{"vm.max_map_count", procValue("vm/max_map_count", ""), "most mappings of a process"},
		{"vm.overcommit_memory", procValue("vm/overcommit_memory", ""), "2: reserved address space counts as memory"},
		descriptorLimit(),
	}
}

// procValue is a setting below /proc/sys, with its unit.
func procValue(name, unit string) string {
	b, err := os.ReadFile("/proc/sys/" + name) // #nosec G304 -- the names are the constants above
	if err != nil {
		return unknown
	}
	return strings.TrimSpace(string(b)) + unit
}
