package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// The descriptors of a clone's life.
const (
	original = iota + 3
	ofLock
	clone
	readable
)

// of is an argument that is a descriptor of a file: the clone and what it is
// opened as have an inode of their own, and no name.
func of(fd uint64) event.Arg {
	f := &event.File{Path: "/f", Known: true, Dev: 1, Ino: 2, Size: 100, Regular: true}
	if fd == clone || fd == readable {
		f = &event.File{Path: "/#3 (deleted)", Known: true, Dev: 1, Ino: 3, Size: 100, Regular: true, Nameless: true}
	}
	return event.Arg{Name: "fd", Raw: fd, File: f}
}

func (s *script) opens(fd uint64, how ...string) {
	e := &event.Event{
		Kind: event.Syscall, PID: 1, TID: 1, Name: "openat", Owner: s.owner,
		Args: []event.Arg{{Name: "filename", Path: "/f"}, flags("flags", how...)},
	}
	s.checker.Begin(e)
	e.Done, e.Ret, e.RetFile = true, int64(fd), of(fd).File
	s.checker.Event(e)
}

// cloning are the steps of a handle whose bytes are a clone.
var cloning = []string{
	"begin", "open", "look", "lock", "look again", "make", "clone", "open clone", "look at clone", "map", "look after",
	"unmap", "close clone", "close made", "close", "unlock", "end",
}

func (s *script) clones(list []string) {
	for _, step := range list {
		switch step {
		case "begin", "end":
			s.point(step)
		case "open":
			s.opens(original, "O_RDONLY")
		case "look":
			s.call("fstat", 0, of(original))
		case "lock":
			s.opens(ofLock, "O_RDONLY")
			s.call("flock", 0, of(ofLock), flags("cmd", "LOCK_SH", "LOCK_NB"))
		case "look again":
			s.call("fstat", 0, of(ofLock))
		case "make":
			s.opens(clone, "O_RDWR", "O_TMPFILE", "O_EXCL")
		case "make for anybody":
			s.opens(clone, "O_RDWR", "O_TMPFILE")
		case "clone":
			s.call("ioctl", 0, of(clone), flags("cmd", "FICLONE"), of(original))
		case "fail to clone":
			s.call("ioctl", -22, of(clone), flags("cmd", "FICLONE"), of(original))
		case "write":
			s.call("write", 5, of(clone))
		case "copy range":
			s.call("copy_file_range", 5, of(original), of(clone))
		case "open clone":
			s.opens(readable, "O_RDONLY")
		case "look at clone", "look after":
			s.call("fstat", 0, of(readable))
		case "map":
			s.maps(0, 100, "MAP_SHARED")
		case "map over":
			s.maps(0, 100, "MAP_SHARED", "MAP_FIXED")
		case "map too much over":
			s.maps(50, 100, "MAP_SHARED", "MAP_FIXED")
		case "unmap":
			s.unmap()
		case "unlock":
			s.call("flock", 0, of(ofLock), flags("cmd", "LOCK_UN"))
			s.call("close", 0, of(ofLock))
		case "close", "close clone", "close made":
			s.call("close", 0, of(map[string]uint64{"close": original, "close clone": readable, "close made": clone}[step]))
		}
	}
}

func (s *script) maps(off, length uint64, how ...string) {
	s.call("mmap", 0x10000, event.Arg{Name: "addr", Raw: 0x10000}, event.Arg{Name: "len", Raw: length}, flags("prot", "PROT_READ"),
		flags("flags", how...), of(readable), event.Arg{Name: "off", Raw: off})
}

// instead replaces a step of the cloning by others, which may be none.
func instead(step string, by ...string) []string {
	at := slices.Index(cloning, step)
	return slices.Replace(slices.Clone(cloning), at, at+1, by...)
}

// A clone is as good as a lock if it is one: of a file that was secured, made in
// a file that is nobody else's, and left alone since.
func TestClones(t *testing.T) {
	const unproven = "secured-before-map looked-at-again-before-map"
	for name, c := range map[string]struct {
		steps []string
		want  string // the rules broken
	}{
		"as it should be":             {cloning, ""},
		"twice":                       {slices.Concat(cloning, cloning), ""},
		"in place of a mapping":       {instead("map", "map over"), ""},
		"not cloned":                  {instead("clone"), unproven},
		"cloning failed":              {instead("clone", "fail to clone"), unproven},
		"copied":                      {instead("clone", "copy range"), unproven + " nothing-is-written"},
		"written to":                  {instead("clone", "clone", "write"), unproven},
		"written to and cloned again": {instead("clone", "clone", "write", "clone"), ""},
		"overwritten by a range":      {instead("clone", "clone", "copy range"), unproven + " nothing-is-written"},
		"others could name it":        {instead("make", "make for anybody"), unproven},
		"opened before it was cloned": {slices.Insert(instead("open clone"), slices.Index(cloning, "make")+1, "open clone"), "secured-before-map"},
		"not looked at":               {instead("look at clone"), "looked-at-again-before-map"},
		"not looked at after":         {instead("look after"), "looked-at-after-map"},
		"more than there is":          {instead("map", "map too much over"), "replaced-by-what-is-there"},
		"original not locked":         {instead("lock"), "cloned-from-secured"},
		"original not looked at":      {instead("look"), "cloned-from-secured"},
		"original not looked at again": {
			instead("look again"), "cloned-from-secured",
		},
		"original unlocked before": {slices.Insert(instead("unlock"), slices.Index(cloning, "make"), "unlock"), "cloned-from-secured"},
		"the clone of another handle": {
			slices.Concat(cloning, instead("clone")), unproven,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			s.clones(c.steps)
			var broken []string
			for _, v := range s.checker.Violations {
				broken = append(broken, v.Rule.ID)
			}
			slices.Sort(broken)
			want := strings.Fields(c.want)
			slices.Sort(want)
			if !slices.Equal(broken, want) || s.checker.Err() != nil {
				t.Errorf("broken: %q (%v), want %q", broken, s.checker.Err(), want)
			}
		})
	}
}

// Seals and fs-verity are proofs if the kernel says so, and not if it was asked.
func TestProofs(t *testing.T) {
	seals, statx := []event.Arg{of(original), flags("cmd", "F_GET_SEALS")}, []event.Arg{of(original), flags("flags", "AT_EMPTY_PATH")}
	for name, c := range map[string]struct {
		call   string
		args   []event.Arg
		answer []string
		proof  bool
	}{
		"sealed":              {"fcntl", seals, []string{"F_SEAL_WRITE", "F_SEAL_SHRINK", "F_SEAL_GROW"}, true},
		"may be written to":   {"fcntl", seals, []string{"F_SEAL_SEAL", "F_SEAL_SHRINK", "F_SEAL_GROW"}, false},
		"may shrink":          {"fcntl", seals, []string{"F_SEAL_WRITE", "F_SEAL_GROW"}, false},
		"may grow":            {"fcntl", seals, []string{"F_SEAL_WRITE", "F_SEAL_SHRINK"}, false},
		"a file of tmpfs":     {"fcntl", seals, []string{"F_SEAL_SEAL"}, false},
		"verity":              {"statx", statx, []string{"STATX_ATTR_VERITY"}, true},
		"without verity":      {"statx", statx, nil, false},
		"compressed":          {"statx", statx, []string{"STATX_ATTR_COMPRESSED"}, false},
		"immutable for a day": {"statx", statx, []string{"STATX_ATTR_IMMUTABLE"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			s.clones([]string{"open", "look"})
			e := &event.Event{Kind: event.Syscall, PID: 1, TID: 1, Name: c.call, Owner: s.owner, Args: c.args, Answer: c.answer, Done: true}
			s.checker.Begin(e)
			s.checker.Event(e)
			s.clones([]string{"look"})
			s.mmap(original, "PROT_READ")
			if proof := s.checker.Broken["secured-before-map"] == 0; proof != c.proof {
				t.Errorf("it counts as a proof: %v, want %v", proof, c.proof)
			}
		})
	}
}
