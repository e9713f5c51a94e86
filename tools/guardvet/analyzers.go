package guardvet

import (
	"golang.org/x/tools/go/analysis"

	"github.com/mmapguard/go/tools/guardvet/internal/flow"
	"github.com/mmapguard/go/tools/guardvet/internal/lent"
)

// Analyzers returns all analyzers, in the order of their documentation.
func Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		LentEscape, LentGoroutine, LentCgo, LentSend, LentString, LentPrint, LentMapKey, LentWrite, LentLock,
		UseAfterClose, NeverClosed, Boundary,
	}
}

// The analyzers of what a callback of View or ViewRange does with the bytes.
var (
	LentEscape = lentAnalyzer("lentescape", `lent bytes that outlive the callback

The slice that View and ViewRange lend is good only while the callback runs:
afterwards the memory is unmapped, and another file may be mapped there. Reported
is a slice, or a part of it, or something that contains one, that is assigned to
a variable outside the callback, stored in a field, element, map or package
variable, appended to a list (append(list, b...) copies and is fine), sent on a
channel, or returned.`, flow.Escape, "lent bytes are %s: copy them, they are gone when the callback returns")

	LentGoroutine = lentAnalyzer("lentgoroutine", `lent bytes that a goroutine gets

View turns a fault in the lent bytes into an error on the goroutine that called
it. In any other goroutine the fault ends the program, and View does not wait for
it either: the bytes may be unmapped while it runs.`, flow.Goroutine, "lent bytes are %s: a fault there ends the program, and the callback may return first")

	LentCgo = lentAnalyzer("lentcgo", `lent bytes that C code gets

A fault in C code ends the program: the runtime turns only faults of Go code into
panics, which View makes errors of.`, flow.Cgo, "lent bytes are %s: a fault there ends the program; copy them first")

	LentString = lentAnalyzer("lentstring", `lent bytes turned into a string without a copy

A string is taken to be good for ever and never to change, by the runtime and by
whoever gets it. One made of lent bytes by unsafe.String, or by a conversion of
pointers, is neither, and nothing shows that any more.`, flow.UnsafeString, "lent bytes are %s: use string(b)")

	LentPrint = lentAnalyzer("lentprint", `lent strings given to print or println

These builtins read the string within the runtime, where a fault ends the
program.`, flow.Print, "a string of lent bytes is %s: a fault there ends the program")

	LentMapKey = lentAnalyzer("lentmapkey", `lent strings used as keys of a map that stays

A map keeps its keys, so that they outlive the callback; and when the map grows it
hashes them again, where a fault leaves it half moved and broken.`, flow.MapKey, "a string of lent bytes is %s: copy it with strings.Clone")

	LentWrite = lentAnalyzer("lentwrite", `stores into lent bytes

The bytes are mapped for reading. A store faults: the callback ends there, and the
error says that the file could not be read.`, flow.Write, "lent bytes are %s: they are mapped for reading only")
)

// lentAnalyzer makes the analyzer of one kind of event.
func lentAnalyzer(name, doc string, kind flow.Kind, format string) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name: name, Doc: doc,
		Requires: []*analysis.Analyzer{lent.Analyzer},
	}
	a.Run = func(pass *analysis.Pass) (any, error) {
		r, err := lent.Of(pass)
		if err != nil {
			return nil, err
		}
		report(pass, kind, format, r.Callbacks)
		return nil, nil
	}
	return withIgnores(a)
}
