package filter

import (
	"reflect"
	"slices"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// Facts are what a condition may ask about a call. The tag is the name.
type Facts struct {
	Syscall string  `expr:"syscall"` // its name
	Done    bool    `expr:"done"`    // it was answered
	OK      bool    `expr:"ok"`      // it was answered without an error
	Ret     int     `expr:"ret"`     // the answer; below 0 is an error
	Errno   string  `expr:"errno"`   // "ENOENT", or ""
	PID     int     `expr:"pid"`
	TID     int     `expr:"tid"`
	Seq     int     `expr:"seq"`
	T       float64 `expr:"t"`   // seconds since the start of the trace
	Dur     float64 `expr:"dur"` // seconds until the answer

	Path  string         `expr:"path"`  // the first name among the arguments, or ""
	Paths []string       `expr:"paths"` // all of them
	File  string         `expr:"file"`  // what the first descriptor stands for, or ""
	Flags []string       `expr:"flags"` // of all arguments: "O_CLOEXEC", "PROT_READ", …
	Args  map[string]int `expr:"args"`  // every argument as a number, by its name
	// Answer are the flags that the answer consists of: "F_SEAL_WRITE", "STATX_ATTR_VERITY", …
	Answer []string `expr:"answer"`

	Source string   `expr:"source"` // file:line, with --source
	Owner  string   `expr:"owner"`  // the package of that, with --source
	Stack  []string `expr:"stack"`  // the functions on the stack, innermost first, with --source

	// What a descriptor stands for is known to rules and audits alone.
	Regular  bool `expr:"regular"`  // the first descriptor is of a regular file
	Nameless bool `expr:"nameless"` // of a file that no directory has a name for
	Writable bool `expr:"writable"` // it was opened for writing
	Size     int  `expr:"size"`     // the size of its file, in bytes

	// What came before is known to rules alone.
	Maps    int  `expr:"maps"`    // mappings that there are of its file
	Guards  int  `expr:"guards"`  // guards that are held on its file
	Guarded bool `expr:"guarded"` // one of them by this very descriptor
}

// FactsOf collects them. Of what happened that was no call there are none.
func FactsOf(e *event.Event) Facts {
	f := Facts{
		Syscall: e.Name, Done: e.Done, OK: e.Done && !e.Failed, Ret: int(e.Ret), Errno: e.Errno,
		PID: e.PID, TID: e.TID, Seq: int(e.Seq), T: e.At.Seconds(), Dur: e.Dur.Seconds(), // #nosec G115 -- a count
		Source: e.Source, Owner: e.Owner, Args: map[string]int{}, Answer: e.Answer,
	}
	for _, a := range e.Args {
		f.Args[a.Name] = int(a.Raw) // #nosec G115 -- the bits are what counts
		f.Flags = append(f.Flags, a.Names...)
		if a.Path != "" {
			f.Paths = append(f.Paths, a.Path)
		}
	}
	if len(f.Paths) > 0 {
		f.Path = f.Paths[0]
	}
	for _, frame := range e.Frames {
		f.Stack = append(f.Stack, frame.Func)
	}
	if file := e.File(); file != nil {
		f.File, f.Regular, f.Nameless, f.Writable, f.Size = file.Path, file.Regular, file.Nameless, file.Writable, int(file.Size)
	}
	return f
}

// factNames are the names that a condition may use.
var factNames = func() []string {
	var list []string
	t := reflect.TypeFor[Facts]()
	for i := range t.NumField() {
		list = append(list, t.Field(i).Tag.Get("expr"))
	}
	slices.Sort(list)
	return list
}()

// FactNames lists the names that a condition may use.
func FactNames() []string { return slices.Clone(factNames) }
