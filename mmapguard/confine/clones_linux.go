package confine

import (
	"path/filepath"

	"golang.org/x/sys/unix"
)

// rulesForClones lets files be opened for writing in the directories of files:
// those without a name, because the filter allows no others.
func rulesForClones(paths []string) (rules []rule) {
	for _, path := range paths {
		// A clone is made where the file is, and not where a link to it is.
		if file, err := filepath.EvalSymlinks(path); err == nil {
			rules = append(rules, rule{path: filepath.Dir(file), dir: true, write: true})
		}
	}
	return rules
}

// callsOfClones are the calls that make a clone, with the flags that the library
// gives them.
func callsOfClones(paths []string) []entry {
	if len(paths) == 0 {
		return nil
	}
	const unnamed = unix.O_RDWR | unix.O_EXCL | unix.O_TMPFILE | unix.O_CLOEXEC
	return []entry{
		{Names: []string{"openat"}, Action: "SCMP_ACT_ALLOW", Args: []arg{{Index: 2, Value: unnamed, Op: "SCMP_CMP_EQ"}}},
		{Names: []string{"ioctl"}, Action: "SCMP_ACT_ALLOW", Args: []arg{{Index: 1, Value: unix.FICLONE, Op: "SCMP_CMP_EQ"}}},
	}
}
