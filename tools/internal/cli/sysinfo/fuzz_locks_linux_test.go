package sysinfo

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// FuzzLocks reads texts like /proc/locks, and compares with an expression that
// finds the same lines.
func FuzzLocks(f *testing.F) {
	const id = "08:01:56"
	f.Add("1: FLOCK  ADVISORY  WRITE 1234 08:01:56 0 EOF\n2: OFDLCK ADVISORY  READ  -1 08:01:56 0 9\n", 7)
	f.Add("1: FLOCK  ADVISORY  WRITE 1234 08:01:567 0 EOF\n", 7)
	f.Add("1: -> FLOCK  ADVISORY  WRITE 1234 08:01:56 0 EOF\n", 7)
	f.Add("1: LEASE  ACTIVE    READ  7 08:01:56 0 EOF\n1: POSIX x", 7)
	f.Add("1: A B C 99999999999999999999 08:01:56\r\n\v: A B C +4 08:01:56", 4)
	lines := regexp.MustCompile(`^\S+ (\S+) \S+ (\S+) ([+-]?[0-9]+) ` + id + `( |$)`)
	f.Fuzz(func(t *testing.T, text string, self int) {
		var want []Lock
		for line := range strings.Lines(text) {
			m := lines.FindStringSubmatch(strings.Join(strings.Fields(line), " "))
			if m == nil {
				continue
			}
			if pid, err := strconv.Atoi(m[3]); err == nil && pid != self {
				kind := strings.ToLower(m[1])
				if m[1] == "OFDLCK" {
					kind = "ofd"
				}
				want = append(want, Lock{Kind: kind, Exclusive: m[2] == "WRITE", PID: max(pid, 0)})
			}
		}
		got, whole := parseLocks(strings.NewReader(text), id, self)
		if !whole {
			return // a line of 64 KiB and more, which the kernel has not got
		}
		if len(got) != len(want) {
			t.Fatalf("%q has %v, want %v", text, got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%q has %v, want %v", text, got, want)
			}
		}
	})
}
