package broken

// streams are mutations of what is read instead of mapped.
var streams = []Mutation{
	{
		Name: "limit-off-by-one", Breaks: "One byte more than allowed is let in.", Expect: "AV-1/reader-limit-exact",
		Edits: []Edit{{"options.go", "limit != NoLimit && n > limit }", "limit != NoLimit && n > limit+1 }"}},
	},
	{
		Name: "endless-patience", Breaks: "A reader that returns nothing is asked for ever.", Expect: "AV-1/reader-without-progress",
		Edits: []Edit{{"load.go", "if idle++; idle == maxIdleReads {", "if idle++; idle < 0 {"}},
	},
	{
		Name: "counts-believed", Breaks: "A reader's false count is believed.", Expect: "AV-1/reader-with-false-counts",
		Edits: []Edit{{"load.go", "if n < 0 || n > len(free) {", "if n < 0 && n > len(free) {"}},
	},
}
