package rules_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/rules"
)

const library = "../../../../conformance/rules/library.yaml"

func load(t *testing.T) *rules.Set {
	t.Helper()
	table, _ := abi.For("amd64")
	set, err := rules.Load(table, library)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// script makes events of the library's calls on one file, in one process.
type script struct {
	checker *rules.Checker
	owner   string
	name    string
	tid     int
}

func newScript(t *testing.T) *script {
	t.Helper()
	s := &script{checker: rules.NewChecker(load(t)), owner: "github.com/mmapguard/go/mmapguard", tid: 1}
	s.checker.Event(&event.Event{Kind: event.Birth, PID: 1, TID: 1})
	return s
}

func (s *script) file() *event.File {
	return &event.File{Path: "/f", Known: true, Dev: 1, Ino: 2, Size: 100, Regular: true, Nameless: s.name == "nameless"}
}

// call tells the checker of a call as the session does, before and after.
func (s *script) call(name string, ret int64, args ...event.Arg) *event.Event {
	e := &event.Event{Kind: event.Syscall, PID: 1, TID: s.tid, Name: name, Args: args, Owner: s.owner}
	s.checker.Begin(e)
	e.Done, e.Ret, e.Failed = true, ret, ret < 0
	if name == "openat" && ret >= 0 {
		e.RetFile = s.file()
	}
	s.checker.Event(e)
	return e
}

func flags(name string, names ...string) event.Arg { return event.Arg{Name: name, Names: names} }

func (s *script) fd(n uint64) event.Arg { return event.Arg{Name: "fd", Raw: n, File: s.file()} }

func (s *script) open(n int64) {
	s.call("openat", n, event.Arg{Name: "filename", Path: "/f"}, flags("flags", "O_RDONLY"))
}
func (s *script) look(n uint64)    { s.call("fstat", 0, s.fd(n)) }
func (s *script) lock(n uint64)    { s.call("flock", 0, s.fd(n), flags("cmd", "LOCK_SH", "LOCK_NB")) }
func (s *script) unlock(n uint64)  { s.call("flock", 0, s.fd(n), flags("cmd", "LOCK_UN")) }
func (s *script) closeFD(n uint64) { s.call("close", 0, s.fd(n)) }
func (s *script) mmap(n uint64, prot ...string) {
	s.call("mmap", 0x10000, event.Arg{Name: "addr"}, event.Arg{Name: "len", Raw: 100}, flags("prot", prot...),
		flags("flags", "MAP_SHARED"), s.fd(n), event.Arg{Name: "off"})
}
func (s *script) unmap() {
	s.call("mmap", 0x10000, event.Arg{Name: "addr", Raw: 0x10000}, event.Arg{Name: "len", Raw: 100}, flags("prot", "PROT_NONE"),
		flags("flags", "MAP_PRIVATE", "MAP_ANONYMOUS", "MAP_FIXED"), event.Arg{Name: "fd"}, event.Arg{Name: "off"})
}
func (s *script) point(what string) {
	s.call("newfstatat", -2, event.Arg{Name: "filename", Path: "guardtrace:" + what + ":here"})
}

// steps are the life of a handle, each of which can be left out or replaced.
var steps = []string{"begin", "open", "look", "lock", "look again", "map", "look after", "close", "unmap", "unlock", "close lock", "end"}

func (s *script) run(list []string) {
	for _, step := range list {
		switch step {
		case "begin", "end":
			s.point(step)
		case "open":
			s.open(3)
		case "look", "look again", "look after":
			s.look(3)
		case "lock":
			s.open(4)
			s.lock(4)
		case "map":
			s.mmap(3, "PROT_READ")
		case "map to write":
			s.mmap(3, "PROT_READ", "PROT_WRITE")
		case "close":
			s.closeFD(3)
		case "unmap":
			s.unmap()
		case "unlock":
			s.unlock(4)
		case "close lock":
			s.closeFD(4)
		case "other thread":
			s.tid++
		case "write":
			s.call("write", 5, s.fd(3))
		case "connect":
			s.call("connect", 0, event.Arg{Name: "fd", Raw: 9})
		case "open to write":
			s.call("openat", 7, event.Arg{Name: "filename", Path: "/g"}, flags("flags", "O_WRONLY"))
			s.closeFD(7)
		case "stranger":
			s.owner = "main"
		}
	}
}

func without(step string) []string {
	return slices.DeleteFunc(slices.Clone(steps), func(s string) bool { return s == step })
}

func with(step, after string) []string {
	return slices.Insert(slices.Clone(steps), slices.Index(steps, after)+1, step)
}

func moved(step, after string) []string {
	rest := without(step)
	return slices.Insert(rest, slices.Index(rest, after)+1, step)
}

// Each step that is missing, or in the wrong place, breaks the rule made for it.
func TestOrder(t *testing.T) {
	for name, c := range map[string]struct {
		steps []string
		want  string // the rules broken
	}{
		"as it should be":          {steps, ""},
		"twice":                    {slices.Concat(steps, steps), ""},
		"on two threads":           {with("other thread", "lock"), ""},
		"no first look":            {without("look"), "looked-at-before-secured"},
		"no lock":                  {without("lock"), "secured-before-map looked-at-before-secured looked-at-again-before-map"},
		"no second look":           {without("look again"), "looked-at-again-before-map"},
		"second look before lock":  {moved("lock", "look again"), "looked-at-again-before-map"},
		"no third look":            {without("look after"), "looked-at-after-map"},
		"third look before map":    {moved("map", "look after"), "looked-at-after-map"},
		"unlock before unmap":      {moved("unmap", "unlock"), "unmapped-before-let-go"},
		"unlock before map":        {slices.Insert(without("unlock"), slices.Index(without("unlock"), "map"), "unlock"), "secured-before-map looked-at-before-secured looked-at-again-before-map"},
		"lock closed before unmap": {slices.Insert(slices.DeleteFunc(without("unlock"), func(s string) bool { return s == "close lock" }), slices.Index(steps, "close"), "close lock"), "unmapped-before-let-go"},
		"never unmapped":           {without("unmap"), "unmapped-before-let-go nothing-is-left"},
		"descriptor left":          {without("close"), "nothing-is-left"},
		"lock's descriptor left":   {without("close lock"), "nothing-is-left"},
		"mapped to write":          {slices.Replace(slices.Clone(steps), 5, 6, "map to write"), "file-maps-are-read-only"},
		"writes":                   {with("write", "map"), "nothing-is-written"},
		"connects":                 {with("connect", "open"), "nothing-is-executed"},
		"opens to write":           {with("open to write", "open"), "opened-for-reading"},
		"a stranger may write":     {slices.Concat(steps, []string{"stranger", "open to write", "write", "connect"}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			s.run(c.steps)
			var broken []string
			for _, v := range s.checker.Violations {
				broken = append(broken, v.Rule.ID)
			}
			if got := strings.Join(broken, " "); got != c.want || s.checker.Err() != nil {
				t.Errorf("broken: %s (%v), want %s", got, s.checker.Err(), c.want)
			}
		})
	}
}

// A violation is told with the calls around it.
func TestViolationText(t *testing.T) {
	s := newScript(t)
	s.run(without("lock"))
	text := s.checker.Violations[0].String()
	for _, want := range []string{"rule secured-before-map (SR-5) is broken", "missing before it: secured, of the same file", "-> [pid 1]", "   [pid 1]"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if arrow, end := strings.Index(text, "->"), strings.LastIndex(text, "close("); arrow < 0 || end < arrow {
		t.Errorf("what comes after is not shown:\n%s", text)
	}
}

// A file of rules that does not mean anything is an error.
func TestMistakes(t *testing.T) {
	table, _ := abi.For("amd64")
	good, err := os.ReadFile(library)
	if err != nil {
		t.Fatal(err)
	}
	for replaced, by := range map[string]string{
		"owners:":            "owner:",
		"on: mapped-by-name": "on: nothing",
		"{event: opened-read-only, same: source}":                                           "{event: opened-read-only, same: colour}",
		"same: file, unless: {event: altered, same: file}}\n          - {event: o":          "same: file, unless: {event: altered, same: source}}\n          - {event: o",
		"{event: unguarded, same: descriptor}}\n      - {event: looked, same: source file}": "{event: unguard, same: descriptor}}\n      - {event: looked, same: source file}",
		"    since: {event: opened-read-only, same: source}\n    after:":                    "    since: {event: opened-read-only, same: source}\n    either:",
		"on: cloned\n":                       "on: cloned\n    require: ok\n",
		"    on: mapped\n    either:":        "    on: mapped\n    after: []\n    either:",
		"event: opened-read-only, same":      "event: opend, same",
		`syscall == "flock" && ok`:           `syscall == "flok" && ok`,
		`require: '!writable'`:               `require: '!writeable'`,
		"id: nothing-is-left":                "id: nothing-is-written",
		"gone: [descriptors, mappings]":      "gone: [everything]",
		"never: wrote":                       "never: wrote\n    require: ok",
		"until: closed":                      "text: again",
		`closed: syscall == "close" && done`: `closed: done`,
		"points: {begin: begin, end: end}":   "",
		"guards: {taken: guarded":            "guards: {taken: what",
	} {
		if !strings.Contains(string(good), replaced) {
			t.Errorf("there is no %q", replaced)
			continue
		}
		if _, err := rules.Parse(table, []byte(strings.Replace(string(good), replaced, by, 1))); err == nil {
			t.Errorf("%q instead of %q is no mistake", by, replaced)
		}
	}
	for _, text := range []string{"", "rules: []", string(good) + "\n---\n{}\n"} {
		if _, err := rules.Parse(table, []byte(text)); err == nil {
			t.Errorf("%.20q is no mistake", text)
		}
	}
}
