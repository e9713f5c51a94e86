package broken

// locks are mutations of the advisory lock and its life.
var locks = []Mutation{
	{
		Name: "no-lock", Breaks: "The file is mapped without a lock.", Expect: "SR-6/lock-held-until-unmap",
		Edits: []Edit{{"lock.go",
			"	lock, locked, err := o.lockShared()\n	if err != nil {\n		return nil, err\n	}\n	// What",
			"	lock := flock.New(o.name)\n	locked, err := lock.Stat()\n	if err != nil {\n		return nil, err\n	}\n	// What",
		}},
	},
	{
		Name: "lock-dropped-early", Breaks: "The lock is given up as soon as the file is mapped.", Expect: "SR-6/lock-held-until-unmap",
		Edits: []Edit{{"lock.go",
			"	c.keeper = newFlockKeeper(lock, o)\n",
			"	if err := lock.Unlock(); err != nil {\n		return nil, err\n	}\n",
		}},
	},
	{
		Name: "unlock-before-unmap", Breaks: "The lock is given up while the file is still mapped.", Expect: "SR-6/unmap-before-unlock",
		Edits: []Edit{{"lock.go", "err := join(revoke(), k.lock.Unlock())", "err := join(k.lock.Unlock(), revoke())"}},
	},
	{
		Name: "lock-leaked", Breaks: "Opening that fails keeps the lock.", Expect: "SR-6/failed-open-leaves-no-lock",
		Edits: []Edit{{"lock.go",
			"		return nil, join(err, lock.Unlock())\n	}\n	c.keeper",
			"		return nil, err\n	}\n	c.keeper",
		}},
	},
	{
		Name: "same-file-unchecked", Breaks: "The file that is locked need not be the one that is mapped.", Expect: "AV-4/file-swapped-before-lock",
		Edits: []Edit{{"lock.go", "if err == nil && !os.SameFile(locked, o.info) {", "if err == nil && locked == nil {"}},
	},
	{
		Name: "pin-forgotten", Breaks: "A slice from Bytes does not keep its handle from the collector.", Expect: "TRAP-10/pinned-by-bytes",
		Edits: []Edit{{"pin.go", "	pins.handles[d] = struct{}{}\n", ""}},
	},
	{
		Name: "descriptor-leaked", Breaks: "The file's descriptor stays open.", Expect: "SR-7/no-descriptor-left",
		Edits: []Edit{{"open.go", "	if o.file != nil {\n		_ = o.file.Close()", "	if o.file == nil {\n		_ = o.file.Close()"}},
	},
}
