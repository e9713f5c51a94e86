// Package mutants lists builds of the library that are broken on purpose, with
// the fuzz target that has to notice. A target that notices none of its own
// proves nothing by finding nothing.
package mutants

import "github.com/mmapguard/go/conformance/broken"

// Mutant is a broken build, and the target that it is made for.
type Mutant struct {
	Target string
	// Folder is what the mutation's files are in, below the workspace; the
	// library's is the default.
	Folder string
	broken.Mutation
}

func mutant(target, name, breaks string, edits ...broken.Edit) Mutant {
	return Mutant{Target: target, Folder: "mmapguard", Mutation: broken.Mutation{Name: name, Breaks: breaks, Edits: edits}}
}

// All lists them by target.
func All() []Mutant {
	return []Mutant{
		mutant("FuzzMapFile", "limit-off-by-one", "A file that is one byte too large is let in.",
			broken.Edit{File: "options.go", Old: "limit != NoLimit && n > limit }", New: "limit != NoLimit && n > limit+1 }"}),
		mutant("FuzzMapFile", "fault-mode-left-on", "A read leaves faults as panics behind.",
			broken.Edit{File: "read.go", Old: "		unguard(old)\n", New: "		unguard(old || len(p) > 0)\n"}),
		mutant("FuzzMapFile", "short-last-chunk", "WriteTo of more than a buffer leaves out the rest of a chunk.",
			broken.Edit{File: "writeto.go", Old: "for err == nil && off+written < d.size {", New: "for err == nil && off+written < d.size&^65535 || written == 0 && off < d.size {"}),

		mutant("FuzzLoadReader", "counts-believed", "A reader's false count is believed.",
			broken.Edit{File: "load.go", Old: "if n < 0 || n > len(free) {", New: "if n < 0 && n > len(free) {"}),
		mutant("FuzzLoadReader", "buffer-kept-by-reader", "Short data stays in the buffer that the reader was lent.",
			broken.Edit{File: "load.go", Old: "	all := make([]byte, 0, total)\n", New: "	if len(chunks) == 0 {\n		return last\n	}\n	all := make([]byte, 0, total)\n"}),
		mutant("FuzzLoadReader", "memory-for-a-claim", "The second buffer is as large as the largest.",
			broken.Edit{File: "load.go", Old: "min(2*cap(chunk), largeChunk)", New: "largeChunk"}),

		mutant("FuzzMapFileIn", "root-left", "The name is opened without its root.",
			broken.Edit{File: "open.go", Old: "root.OpenFile(name, flag, 0)", New: "os.OpenFile(filepath.Join(root.Name(), name), flag, 0)"}),
		mutant("FuzzMapFileIn", "dots-dropped-from-name", "\"..\" takes a word off the name instead of leaving a folder.",
			broken.Edit{File: "open.go", Old: "root.OpenFile(name, flag, 0)", New: "root.OpenFile(filepath.Clean(name), flag, 0)"}),

		mutant("FuzzRange", "view-range-overflows", "A view's end is computed before it is compared.",
			broken.Edit{File: "view.go", Old: "off > d.size || n > d.size-off {", New: "off+n > d.size {"}),
		mutant("FuzzRange", "view-capacity-too-large", "A lent part can be extended to the whole.",
			broken.Edit{File: "view.go", Old: "[from:to:to]", New: "[from:to]"}),
		mutant("FuzzRange", "seek-overflows", "A position beyond the largest number wraps around.",
			broken.Edit{File: "reader.go", Old: "sum >= 0 && (offset <= 0 || sum >= base)", New: "sum >= 0 || offset > 0 && sum < base"}),

		mutant("FuzzLifecycle", "view-left-open-by-panic", "A panic that comes through a view leaves it counted.",
			broken.Edit{File: "view.go", Old: "		_ = c.leave()\n", New: ""}),
		mutant("FuzzLifecycle", "fault-mode-of-outer-view-lost", "The end of a view takes the guard of the view around it along.",
			broken.Edit{File: "view.go", Old: "		unguard(old)\n", New: "		unguard(old && from > 0)\n"}),
		mutant("FuzzLifecycle", "fault-claimed-by-inner-view", "A view takes faults of the whole map for its own.",
			broken.Edit{File: "internal/boundary/boundary.go", Old: "first := (base + uintptr(from)) &^ (page - 1)", New: "first := base"}),
		mutant("FuzzLifecycle", "rescue-from-file-start", "A rescue takes the bytes from the file's start, not from the range's.",
			broken.Edit{File: "enforced_linux.go", Old: "off: o.off - int64(c.delta)", New: "off: 0"}),
		mutant("FuzzLifecycle", "bytes-not-pinned", "A handle whose Bytes were taken is collected.",
			broken.Edit{File: "pin.go", Old: "	pins.handles[d] = struct{}{}\n", New: ""}),
		mutant("FuzzLifecycle", "descriptor-leaks-on-refusal", "The lock's descriptor stays open if the file is empty.",
			broken.Edit{File: "lock.go", Old: "return nil, join(err, lock.Unlock())\n	}\n	c.keeper", New: "return nil, err\n	}\n	c.keeper"}),

		inTools("FuzzSize", "size-in-floating-point", "A plain number of bytes is rounded.",
			broken.Edit{File: "options.go", Old: "strconv.ParseUint(text, 10, 63); err == nil {", New: "strconv.ParseUint(text, 10, 52); err == nil {"}),
		inTools("FuzzSize", "size-overflows", "A size beyond the largest number is taken, as a negative one.",
			broken.Edit{File: "options.go", Old: "if err != nil || n > math.MaxInt64 {", New: "if err != nil || n > math.MaxUint64>>1+2048 {"}),
		inTools("FuzzNames", "guarantee-by-prefix", "The start of a guarantee's name will do.",
			broken.Edit{File: "options.go", Old: "if strings.EqualFold(name, g.String()) {", New: "if len(name) > 7 && strings.HasPrefix(g.String(), name) || strings.EqualFold(name, g.String()) {"}),
		inTools("FuzzNames", "algorithm-case-kept", "The name of a hash function must be written as in the list.",
			broken.Edit{File: "algorithms.go", Old: "if strings.EqualFold(name, known.Name) {", New: "if name == known.Name {"}),
		inTools("FuzzSumLine", "carriage-return-kept", "A name with a carriage return breaks its line.",
			broken.Edit{File: "sumlist.go", Old: "NewReplacer(`\\`, `\\\\`, \"\\n\", `\\n`, \"\\r\", `\\r`)", New: "NewReplacer(`\\`, `\\\\`, \"\\n\", `\\n`)"}),
		inTools("FuzzSumLine", "length-unchecked", "A digest of another length is taken.",
			broken.Edit{File: "sumlist.go", Old: "err != nil || len(sum) != size {", New: "err != nil || len(sum) > size {"}),

		in("conformance/lab", "FuzzParseSize", "size-of-the-laboratory-overflows", "A size of too many units is taken, as another one.",
			broken.Edit{File: "size.go", Old: "n > (1<<62)>>shift {", New: "n > 1<<62 {"}),
		in("conformance/lab", "FuzzParseSize", "units-swapped", "A terabyte is a gigabyte.",
			broken.Edit{File: "size.go", Old: "\"KMGT\"", New: "\"KMTG\""}),
		in("conformance/lab/faultfs", "FuzzParse", "hangs-backwards", "A file may hang for less than no time.",
			broken.Edit{File: "spec.go", Old: "f.Delay < 0 {", New: "f.Delay < -time.Hour {"}),
		in("conformance/lab/faultfs", "FuzzParse", "last-rule-alone", "Of several rules the last one counts.",
			broken.Edit{File: "spec.go", Old: "append(spec.rules, rule{", New: "append(spec.rules[:0], rule{"}),
		in("conformance/report", "FuzzReadJSON", "older-schema-taken", "A report of an older schema is taken for one of this.",
			broken.Edit{File: "report.go", Old: "doc.Schema != Schema {", New: "doc.Schema > Schema {"}),
		in("conformance/report", "FuzzReadJSON", "rest-unread", "What stands behind a report is passed over.",
			broken.Edit{File: "report.go", Old: "!errors.Is(err, io.EOF) {", New: "err == nil && doc.Seconds < 0 {"}),
		in("tools/internal/cli/sysinfo", "FuzzLocks", "lock-of-another-file", "A lock of a file whose number begins alike is taken.",
			broken.Edit{File: "locks_linux.go", Old: "fields[5] != id {", New: "!strings.HasPrefix(fields[5], id) {"}),
		in("tools/internal/cli/sysinfo", "FuzzLocks", "own-lock-told", "The asker's own lock is told.",
			broken.Edit{File: "locks_linux.go", Old: "err != nil || pid == self {", New: "err != nil {"}),
		in("tools/internal/assure/model", "FuzzLoad", "unknown-fields-taken", "A field that nobody knows is passed over.",
			broken.Edit{File: "load.go", Old: "d.KnownFields(true)", New: "d.KnownFields(false)"}),
		in("tools/internal/assure/model", "FuzzLoad", "mistake-without-a-line", "A mistake of the whole file is told without a line.",
			broken.Edit{File: "load.go", Old: "line := \"1\"", New: "line := \"\""}),
		in("tools/internal/trace/abi", "FuzzSplit", "number-without-a-name-lost", "What is left of a number among flags is lost.",
			broken.Edit{File: "text.go", Old: "return names, value | rest", New: "return names, value"}),
		in("tools/internal/trace/abi", "FuzzSplit", "flag-of-some-bits", "A flag is named that is set in part.",
			broken.Edit{File: "text.go", Old: "value&c.value == c.value {", New: "value&c.value != 0 {"}),
		in("tools/internal/trace/filter", "FuzzSet", "lone-exclusion-adds", "An exclusion from nothing adds.",
			broken.Edit{File: "set.go", Old: "if i.negate {\n\t\t\t\tdelete", New: "if i.negate && len(items) > 1 {\n\t\t\t\tdelete"}),
		in("tools/internal/trace/filter", "FuzzSet", "first-exclusion-from-nothing", "A list that begins with an exclusion begins with nothing.",
			broken.Edit{File: "set.go", Old: "if items[0].negate {", New: "if items[0].negate && len(items) == 1 {"}),
		in("tools/internal/trace/filter", "FuzzCondition", "either-side-will-do", "Calls that meet one side of an or do not stop the program.",
			broken.Edit{File: "condition.go", Old: "if !knowA || !knowB {", New: "if !knowA && !knowB {"}),
		in("tools/internal/trace/filter", "FuzzCondition", "or-read-as-and", "Calls stop the program only if both sides of an or name them.",
			broken.Edit{File: "condition.go", Old: "return either(candidates", New: "return both(candidates"}),
	}
}

// inTools is a mutant of the command mmapguard.
func inTools(target, name, breaks string, edits ...broken.Edit) Mutant {
	return in("tools/internal/cli", target, name, breaks, edits...)
}

// in is a mutant of what is in a folder of the workspace.
func in(folder, target, name, breaks string, edits ...broken.Edit) Mutant {
	m := mutant(target, name, breaks, edits...)
	m.Folder = folder
	return m
}
