package main

import "github.com/mmapguard/go/site/check/internal/gates"

// verdict is the way from the front page to what the project rests on: a claim
// with its verdict, the evidence that gave it, and the mutant of the code that
// the evidence must notice. What the verdict is does not matter here: `assure
// verify` gives it, and a book of a machine where it did not run says so.
var verdict = []gates.Step{
	{Within: "main", Leads: `/assurance/index\.html$`, Shows: `SR-6`},
	{Within: "main", Leads: `/assurance/sr-6\.html$`, Shows: `G-6[^]*(proven|unsupported|not run here|not verified)`},
	{Within: "main", Leads: `/assurance/sr-6\.html#cm-lock$`, Shows: `case:SR-6/lock-held-until-unmap[^]*mutant`},
}
