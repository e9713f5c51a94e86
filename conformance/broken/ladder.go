package broken

// ladder are mutations of the guarantees above Cooperative.
var ladder = []Mutation{
	{
		Name: "lease-released-before-copy", Breaks: "The writer goes on before the bytes are saved.", Expect: "AV-2/large-file-survives-writer",
		Edits: []Edit{{"rescue_linux.go", "	err := k.moveAway(deadline)", "	_ = dropLease(k.file)\n	err := k.moveAway(deadline)"}},
	},
	{
		Name: "old-mapping-until-after-drop", Breaks: "The file is still mapped when the lease is given up.", Expect: "AV-2/moved-before-writer-goes-on",
		Edits: []Edit{{"rescue_linux.go", "		err = fresh.MoveTo(k.core.region)", "		_ = dropLease(k.file)\n		err = fresh.MoveTo(k.core.region)"}},
	},
	{
		Name: "not-revoked", Breaks: "If the bytes cannot be saved, the reader sees what the writer does.", Expect: "AV-2/no-rescue-no-bytes",
		Edits: []Edit{{"rescue_linux.go", "if err != nil && !k.revoke() {", "if err != nil && k == nil {"}},
	},
	{
		Name: "not-rescued", Breaks: "The lease is given up and nothing is saved.", Expect: "AV-2/truncate-while-mapped",
		Edits: []Edit{{"rescue_linux.go", "	err := k.moveAway(deadline)", "	err := error(nil)\n	_ = deadline"}},
	},
	{
		Name: "any-lease-will-do", Breaks: "Leases are trusted on every file system.", Expect: "AV-2/lying-leases-refused",
		Edits: []Edit{{"lease_linux.go", "if _, ok := leaseFileSystems[magic]; !ok {", "if _, ok := leaseFileSystems[magic]; !ok && magic == 0 {"}},
	},
	{
		Name: "memfd-lease-trusted", Breaks: "Leases are trusted on unnamed files in memory.", Expect: "AV-2/memfd-lease-refused",
		Edits: []Edit{{"lease_linux.go", "magic == unix.TMPFS_MAGIC && st.Nlink == 0 {", "magic == unix.TMPFS_MAGIC && st == nil {"}},
	},
	{
		Name: "lease-goroutine-left", Breaks: "The goroutine that serves the leases never ends.", Expect: "SR-7/lease-goroutine-ends",
		Edits: []Edit{
			{"leasewatch_linux.go", "if len(w.leases) > 0 || w.stop == nil {", "if len(w.leases) >= 0 || w.stop == nil {"},
			{"leasewatch_linux.go", "if len(w.leases) == 0 && w.stop != nil {", "if len(w.leases) < 0 && w.stop != nil {"},
		},
	},
	{
		Name: "write-seal-not-required", Breaks: "A file in memory that can be written to counts as immutable.", Expect: "TRAP-13/every-seal-is-needed",
		Edits: []Edit{{"memfd_linux.go", "unix.F_SEAL_WRITE | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW", "unix.F_SEAL_SHRINK | unix.F_SEAL_GROW"}},
	},
	{
		Name: "grow-seal-not-required", Breaks: "A file in memory that can grow counts as immutable.", Expect: "TRAP-13/every-seal-is-needed",
		Edits: []Edit{{"memfd_linux.go", "unix.F_SEAL_WRITE | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW", "unix.F_SEAL_WRITE | unix.F_SEAL_SHRINK"}},
	},
	{
		Name: "second-read-dropped", Breaks: "A copy is not compared with a second read.", Expect: "AV-4/copy-is-not-a-mix",
		Edits: []Edit{{"checkedcopy.go", "if !bytes.Equal(buf[:n], copied[at:at+n]) {", "if bytes.Equal(buf[:n], copied[at:at]) {"}},
	},
	{
		Name: "changed-looks-at-the-size", Breaks: "Changed does not look at the times.", Expect: "TRAP-5/changed-tells-silent-changes",
		Edits: []Edit{{"changed.go", "now != c.opened, nil", "now.size != c.opened.size, nil"}},
	},
}
