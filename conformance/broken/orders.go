package broken

// orders are mutations of what the library does at the kernel's door, and when.
// Rules over a trace see them on every file, not only where an attack would
// succeed.
var orders = []Mutation{
	{
		Name: "last-look-not-made", Breaks: "The file is not looked at after it was mapped.", Expect: "AV-4/shrunk-before-map", Rule: "looked-at-after-map",
		Edits: []Edit{{"open.go", "	c.opened, err = stampNow(o.file)\n	if err == nil && c.opened.size", "	c.opened.size = end\n	if err == nil && c.opened.size"}},
	},
	{
		Name: "second-look-not-made", Breaks: "The file is not looked at between the lock and the map.", Expect: "AV-4/limit-checked-again", Rule: "looked-at-again-before-map",
		Edits: []Edit{{"lock.go", "	locked, err := lock.Stat()\n", "	locked, err := o.info, error(nil)\n"}},
	},
	{
		Name: "secured-unseen", Breaks: "The file is locked before anybody has looked at what it is.", Expect: "AV-1/special-files-refused", Rule: "looked-at-before-secured",
		Edits: []Edit{
			{"open.go", "	info, err := o.file.Stat()\n	if err != nil {\n		return nil, err\n	}\n	if err := checkRegular(info); err != nil {\n		return nil, err\n	}\n", "	info, err := os.Lstat(o.name)\n	if err != nil {\n		return nil, err\n	}\n"},
		},
	},
	{
		Name: "writable-map", Breaks: "The mapped bytes can be written to.", Expect: "SR-3/mapping-is-read-only", Rule: "file-maps-are-read-only",
		Edits: []Edit{{"internal/boundary/boundary_unix.go", "unix.PROT_READ, unix.MAP_SHARED)", "unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE)"}},
	},
	{
		Name: "opened-to-write", Breaks: "The file is opened for writing as well.", Expect: "SR-3/opened-for-reading-only", Rule: "opened-for-reading",
		Edits: []Edit{{"open.go", "src, err := opener(os.O_RDONLY | openFlags)", "src, err := opener(os.O_RDWR | openFlags)"}},
	},
	{
		Name: "copy-for-a-clone", Breaks: "What is called a clone is a copy of the file's beginning.", Expect: "SR-1/every-byte-right", Rule: "secured-before-map",
		Edits: []Edit{
			{"reflink_linux.go", "			err := unix.IoctlFileClone(int(to), int(from))\n", "			first := make([]byte, 1)\n			_, err := unix.Pread(int(from), first, 0)\n			if err == nil {\n				_, err = unix.Pwrite(int(to), first, 0)\n			}\n"},
		},
	},
	{
		Name: "clone-of-unlocked", Breaks: "Files are cloned and copied without a lock.", Rule: "cloned-from-secured", Clones: true,
		Edits: []Edit{{"copy.go", "	lock, _, err := o.lockShared()\n	switch {", "	if o != nil {\n		return never, nil\n	}\n	lock, _, err := o.lockShared()\n	switch {"}},
	},
	{
		Name: "map-left", Breaks: "A closed mapping stays where it is.", Expect: "SR-7/no-mapping-left", Rule: "nothing-is-left",
		Edits: []Edit{{"internal/boundary/boundary_unix.go",
			"	_, err := unix.MmapPtr(-1, 0, r.base, uintptr(r.size), unix.PROT_NONE,\n		unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_FIXED|mapNoReserve)",
			"	err := error(nil)",
		}},
	},
	{
		Name: "note-left", Breaks: "Opening writes a note beside the file.", Expect: "SR-3/opened-for-reading-only", Rule: "nothing-is-written",
		Edits: []Edit{{"open.go", "	o := &opening{config: cfg,", "	_ = os.WriteFile(name+\".seen\", []byte(name), 0o600)\n	o := &opening{config: cfg,"}},
	},
	{
		Name: "socket-opened", Breaks: "Opening a file opens a socket as well.", Expect: "AV-5/opening-does-nothing-else", Rule: "nothing-is-executed",
		Edits: []Edit{{"realfile_linux.go",
			"func checkRealFile(f *os.File, info fs.FileInfo) error {\n",
			"func checkRealFile(f *os.File, info fs.FileInfo) error {\n	if s, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0); err == nil {\n		_ = unix.Close(s)\n	}\n",
		}},
	},
}
