package broken

// faults are mutations of how faults become errors.
var faults = []Mutation{
	{
		Name: "fault-mode-not-restored", Breaks: "The goroutine keeps turning faults into panics.", Expect: "TRAP-1/mode-restored",
		Edits: []Edit{{"fault.go", "func unguard(old bool) { debug.SetPanicOnFault(old) }", "func unguard(old bool) { debug.SetPanicOnFault(old || true) }"}},
	},
	{
		Name: "fault-mode-not-set", Breaks: "A fault ends the program.", Expect: "AV-2/truncate-while-mapped",
		Edits: []Edit{{"fault.go", "return debug.SetPanicOnFault(true)", "return debug.SetPanicOnFault(false)"}},
	},
	{
		Name: "fault-address-unchecked", Breaks: "Faults elsewhere are taken for the file's.", Expect: "TRAP-1/foreign-fault-goes-on",
		Edits: []Edit{{"fault.go", "return int64(at - delta), ours", "return int64(at - delta), ours || true"}},
	},
	{
		Name: "nil-page-unchecked", Breaks: "A nil pointer is taken for a fault of the file's.", Expect: "TRAP-4/nil-dereference-goes-on",
		Edits: []Edit{
			{"fault.go", "if !ok || addressed.Addr() < nilPage {", "if !ok {"},
			{"fault.go", "	addressed, ok := err.(interface{ Addr() uintptr })\n", "	addressed, ok := err.(interface{ Addr() uintptr })\n	if !ok {\n		return int64(from), true\n	}\n"},
			{"fault.go", "return int64(at - delta), ours", "return int64(at - delta), ours || addressed.Addr() < nilPage"},
		},
	},
	{
		Name: "fault-counts-bytes", Breaks: "A read that faulted reports bytes.", Expect: "TRAP-3/destination-after-fault",
		Edits: []Edit{{"read.go", "n, err = 0, c.fault(", "n, err = len(p), c.fault("}},
	},
	{
		Name: "fault-swallowed", Breaks: "A fault is no error.", Expect: "AV-2/truncate-while-mapped",
		Edits: []Edit{{"fault.go", "	return &FaultError{Name: c.name, Op: op, Offset: offset}", "	_ = offset\n	return nil"}},
	},
	{
		Name: "foreign-panic-swallowed", Breaks: "A panic of the callback becomes an error.", Expect: "TRAP-1/foreign-panic-goes-on",
		Edits: []Edit{{"view.go", "		_ = c.leave()\n		panic(panicked)", "		return errNilPanic"}},
	},
	{
		Name: "bad-address-swallowed", Breaks: "EFAULT from a write is not reported as a fault.", Expect: "TRAP-12/bad-page-in-write",
		Edits: []Edit{{"writeto.go", "if err != nil && d.bytes != nil && isBadAddress(err) {", "if err == nil && d.bytes != nil && isBadAddress(err) {"}},
	},
	{
		Name: "mapping-given-away", Breaks: "Every writer gets the mapping itself.", Expect: "TRAP-15/pipe-reader-survives",
		Edits: []Edit{{"writeto.go", "if d.bytes == nil || kernelWriter(w) {", "if d.bytes != nil || kernelWriter(w) {"}},
	},
}
