package sysinfo

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

func locks(info fs.FileInfo) ([]Lock, bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil, false
	}
	f, err := os.Open("/proc/locks")
	if err != nil {
		return nil, false
	}
	defer func() { _ = f.Close() }() // nothing was written
	dev := uint64(st.Dev)            //nolint:unconvert // 32 bits on mips
	id := fmt.Sprintf("%02x:%02x:%d", unix.Major(dev), unix.Minor(dev), st.Ino)
	return parseLocks(f, id, os.Getpid())
}

// parseLocks reads /proc/locks (see proc_locks(5)) for the file with the given
// "major:minor:inode", without the locks of process self. On btrfs and overlayfs
// the kernel writes another device than stat(2), so nothing is found there; the
// answer is about what is found, and the attempt to lock has the last word.
func parseLocks(r io.Reader, id string, self int) ([]Lock, bool) {
	found := []Lock{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		// 1: FLOCK  ADVISORY  WRITE 1234 08:01:56 0 EOF. Those who wait have one word
		// more at the front, "->", and so no file where it is looked for.
		fields := strings.Fields(lines.Text())
		if len(fields) < 6 || fields[5] != id {
			continue
		}
		pid, err := strconv.Atoi(fields[4])
		if err != nil || pid == self {
			continue
		}
		found = append(found, Lock{Kind: lockKind(fields[1]), Exclusive: fields[3] == "WRITE", PID: max(pid, 0)})
	}
	return found, lines.Err() == nil
}

func lockKind(word string) string {
	if word == "OFDLCK" {
		return "ofd"
	}
	return strings.ToLower(word)
}
