package demo

import (
	"bufio"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// residentApartFrom is the number of resident bytes in all mappings but those of
// the named file and of the program's own, as /proc/self/smaps tells them.
func residentApartFrom(name string) *int64 {
	sum, err := func() (int64, error) {
		file, err := inode(name)
		if err != nil {
			return 0, err
		}
		program, err := inode("/proc/self/exe")
		if err != nil {
			return 0, err
		}
		f, err := os.Open("/proc/self/smaps")
		if err != nil {
			return 0, err
		}
		defer func() { _ = f.Close() }() // nothing was written
		return sumResident(f, file, program)
	}()
	if err != nil {
		return nil
	}
	return &sum
}

// inode is the number as smaps writes it.
func inode(name string) (string, error) {
	var st unix.Stat_t
	if err := unix.Stat(name, &st); err != nil {
		return "", err
	}
	return strconv.FormatUint(st.Ino, 10), nil
}

// sumResident adds up the Rss lines of smaps (see proc_pid_smaps(5)), without the
// mappings of the given inodes. The device is not compared: btrfs and overlayfs
// show another one than stat(2).
func sumResident(r io.Reader, without ...string) (sum int64, err error) {
	counted := true
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) < 2:
		case fields[0] == "Rss:":
			kib, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				return 0, err
			}
			if counted {
				sum += kib << 10
			}
		case len(fields) >= 5 && !strings.HasSuffix(fields[0], ":"):
			// The head of a mapping: addresses, mode, offset, device, inode, path.
			counted = !slices.Contains(without, fields[4])
		}
	}
	return sum, lines.Err()
}
