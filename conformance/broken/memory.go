package broken

// memory are mutations of what happens to the range of addresses.
var memory = []Mutation{
	{
		Name: "unmapped-on-close", Breaks: "Close gives the addresses back at once.", Expect: "SR-2/stale-slice-shows-no-other-file",
		Edits: []Edit{{"core.go",
			"	reserved, err := c.revokeRegion()\n	if err != nil {\n		return errors.Join(err, c.region.Release())\n	}\n	if !reserved.IsZero() {\n		quarantine.put(reserved)\n	}\n	return nil",
			"	return errors.Join(c.region.Release())",
		}},
	},
	{
		Name: "capacity-too-large", Breaks: "Slices can be extended to the end of the last page.", Expect: "SR-1/capacity-is-length",
		Edits: []Edit{
			{"internal/boundary/boundary.go", "unsafe.Slice((*byte)(r.base), r.size)", "unsafe.Slice((*byte)(r.base), r.Pages())[:r.size]"},
			{"filedata.go", "[from : from+n : from+n]", "[from : from+n]"},
		},
	},
	{
		Name: "view-capacity-too-large", Breaks: "A lent part can be extended to the whole.", Expect: "SR-1/capacity-is-length",
		Edits: []Edit{{"view.go", "[from:to:to]", "[from:to]"}},
	},
	{
		Name: "views-uncounted", Breaks: "Close takes the memory away under a running View.", Expect: "SR-2/close-waits-for-views",
		Edits: []Edit{
			{"core.go", "c.state.CompareAndSwap(s, s+1)", "c.state.CompareAndSwap(s, s)"},
			{"core.go", "	s := c.state.Add(^uint64(0))\n	if s&closedBit != 0 &&", "	s := c.state.Load()\n	if s == 0 && s&closedBit != 0 &&"},
		},
	},
	{
		Name: "closed-unchecked-after-copy", Breaks: "A read does not notice that the handle was closed meanwhile.", Expect: "TRAP-16/closed-handle-shows-no-other-file",
		Edits: []Edit{{"read.go", "	if s := c.state.Load(); s >= revokedBit {\n		n = 0", "	if s := c.state.Load(); s == ^uint64(0) {\n		n = 0"}},
	},
	{
		Name: "second-close-succeeds", Breaks: "The second Close is not ErrClosed.", Expect: "SR-2/every-method-after-close",
		Edits: []Edit{{"core.go", "	if s&closedBit != 0 {\n		return ErrClosed\n	}\n	if", "	if s&closedBit != 0 {\n		return nil\n	}\n	if"}},
	},
	{
		Name: "quarantine-unbounded", Breaks: "Closed mappings keep their addresses for ever.", Expect: "TRAP-9/quarantine-is-bounded",
		Edits: []Edit{{"quarantine.go", "if len(l.ranges) <= l.maxEntries && l.bytes <= l.maxBytes {", "if len(l.ranges) > 0 {"}},
	},
	{
		Name: "quarantine-not-drained", Breaks: "Closed mappings do not give way to a new one.", Expect: "TRAP-9/room-is-made",
		Edits: []Edit{{"open.go", "		quarantine.drain()\n", ""}},
	},
	{
		Name: "private-memory-writable", Breaks: "The bytes of a copy can be written to.", Expect: "SR-3/mapping-is-read-only",
		Edits: []Edit{{"internal/boundary/boundary_unix.go", "return unix.Mprotect(r.Bytes(), unix.PROT_READ)", "return unix.Mprotect(r.Bytes(), unix.PROT_READ|unix.PROT_WRITE)"}},
	},
	{
		Name: "private-map", Breaks: "A map could be made writable.", Expect: "SR-3/cannot-be-made-writable", Rule: "file-maps-are-read-only",
		Edits: []Edit{{"internal/boundary/boundary_unix.go", "unix.PROT_READ, unix.MAP_SHARED)", "unix.PROT_READ, unix.MAP_PRIVATE)"}},
	},
}
