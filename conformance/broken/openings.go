package broken

// openings are mutations of the checks on the way to a map.
var openings = []Mutation{
	{
		Name: "second-look-dropped", Breaks: "What was seen before the lock is believed after it.", Expect: "AV-4/limit-checked-again",
		Edits: []Edit{{"lock.go", "	c, n, err := o.mapSeen(locked)", "	locked = o.info\n	c, n, err := o.mapSeen(locked)"}},
	},
	{
		Name: "third-look-dropped", Breaks: "A truncation between the check and the map goes unnoticed.", Expect: "AV-4/shrunk-before-map",
		Edits: []Edit{{"open.go", "c.opened.size < end {", "c.opened.size < 0 {"}},
	},
	{
		Name: "empty-file-mapped", Breaks: "An empty file is not told apart.", Expect: "AV-3/empty-file",
		Edits: []Edit{{"open.go", "	case size == 0:\n", "	case size == -1:\n"}},
	},
	{
		Name: "open-waits", Breaks: "Opening a pipe waits for its other end.", Expect: "TRAP-14/pipe-does-not-block",
		Edits: []Edit{{"platform_unix.go", "const openFlags = unix.O_NONBLOCK | unix.O_NOCTTY", "const openFlags = unix.O_NOCTTY"}},
	},
	{
		Name: "any-file-will-do", Breaks: "Directories, pipes and devices are taken for files.", Expect: "AV-1/special-files-refused",
		Edits: []Edit{{"preflight.go", "if info.Mode().IsRegular() {", "if info != nil {"}},
	},
	{
		Name: "made-up-files-taken", Breaks: "Files of /proc and /sys are taken for files.", Expect: "TRAP-8/made-up-files-refused",
		Edits: []Edit{{"realfile_linux.go", "if name, ok := madeUp[magic]; ok {", `if name, ok := madeUp[magic]; ok && name == "" {`}},
	},
	{
		Name: "root-bypassed", Breaks: "MapFileIn opens by the whole name.", Expect: "SR-4/names-stay-inside",
		Edits: []Edit{{"open.go", "own(root.OpenFile(name, flag, 0))", "own(os.OpenFile(filepath.Join(root.Name(), name), flag, 0))"}},
	},
	{
		Name: "writable-descriptor", Breaks: "A file given by the caller is opened again for writing as well.", Expect: "SR-3/cannot-be-made-writable",
		Edits: []Edit{{"reopen_linux.go", "again, err = os.OpenFile(procPath(fd), flag, 0)", "again, err = os.OpenFile(procPath(fd), flag|os.O_RDWR, 0)"}},
	},
	{
		Name: "limit-ignored-by-copies", Breaks: "WithMaxCopy does not bound copies.", Expect: "SR-5/copy-limit",
		Edits: []Edit{{"copy.go", "if overLimit(int64(n), o.maxCopy) {", "if overLimit(int64(n), NoLimit) {"}},
	},
	{
		Name: "populate-skips-pages", Breaks: "WithPopulate touches one page.", Expect: "AV-4/populate-finds-bad-pages",
		Edits: []Edit{
			{"advise.go", "for i := 0; i < len(b); i += boundary.PageSize() {", "for i := 0; i < min(len(b), 1); i += boundary.PageSize() {"},
			{"advise.go", "			touched ^= b[len(b)-1]", "			touched ^= b[0]"},
		},
	},
	{
		Name: "range-misaligned", Breaks: "A range that begins within a page shows the page's beginning.", Expect: "TRAP-11/ranges-of-any-alignment",
		Edits: []Edit{{"open.go", "delta: int32(delta)}", "delta: 0 * int32(delta)}"}},
	},
}
