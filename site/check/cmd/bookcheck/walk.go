package main

import "github.com/mmapguard/go/site/check/internal/gates"

// verdict is the way from the front page to what the project rests on: a claim
// with its verdict, the evidence that gave it, and the mutant of the code that
// the evidence must notice.
var verdict = []gates.Step{
	{Within: "main", Leads: `assurance/index\.html`, Shows: `(?i)verdict`},
}
