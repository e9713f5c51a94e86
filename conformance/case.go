package conformance

import (
	"fmt"

	"github.com/mmapguard/go/mmapguard"
)

// Case is one promise and the procedure that tries it.
type Case struct {
	ID      string // "SR-6/lock-held-until-unmap"; stable
	Promise string // what is promised, in one sentence
	Applies Applies
	// Run tries the promise once, in the environment given.
	Run func(*Env) Verdict
}

// Applies tells where a case means something.
type Applies struct {
	// Mechanisms lists those of the library the case is run with, once each; with
	// none it runs once, with the library's own choice.
	Mechanisms []mmapguard.Mechanism
	// Platforms lists values of GOOS; none means all.
	Platforms []string
	Needs     Need
}

// Need is a set of what a case cannot do without.
type Need uint

const (
	// Files are needed by cases that make and change files of their own. The
	// others can do with a directory that is read-only.
	Files Need = 1 << iota
	// Faults are memory faults that the processor reports with their address; an
	// emulation of a processor without its kernel may not.
	Faults
	// SharedFaults are such faults with mechanisms that let others change what is
	// mapped; with the others there is none.
	SharedFaults
	// Strikes are attacks between two given system calls (package strike).
	Strikes
	// Content is a file that is there already.
	Content
	// AnyStorage is said of cases that mean something also where files do not
	// read as they were written: a disk that fails, a server that lies.
	AnyStorage
)

// Verdict is the outcome of one run of a case.
type Verdict struct {
	Status Status
	// Detail is what was seen of a broken promise, or the reason why it was not
	// offered.
	Detail string
	// Fatal tells that the process of the case died, or did not end in time.
	Fatal bool
	// Error tells that the promise was broken by an error where there should be
	// none, or another one, and by nothing else: no byte was wrong. Storage that
	// fails can be the reason.
	Error bool
}

// Status is the kind of a verdict.
type Status string

// The verdicts.
const (
	// Held promises were tried, and kept.
	Held Status = "held"
	// Broken promises were tried, and not kept.
	Broken Status = "broken"
	// NotOffered promises could not be tried here: the system, the file system or
	// the directory has no such thing.
	NotOffered Status = "not offered"
)

func (v Verdict) String() string {
	if v.Detail == "" {
		return string(v.Status)
	}
	return fmt.Sprintf("%s: %s", v.Status, v.Detail)
}

func broken(format string, args ...any) Verdict {
	return Verdict{Status: Broken, Detail: fmt.Sprintf(format, args...)}
}
func failed(format string, args ...any) Verdict {
	return Verdict{Status: Broken, Detail: fmt.Sprintf(format, args...), Error: true}
}
func notOffered(format string, args ...any) Verdict {
	return Verdict{Status: NotOffered, Detail: fmt.Sprintf(format, args...)}
}

// judge makes a procedure of a body that ends early, by Env.broken and its
// likes, or holds. A panic that nothing else expected is a broken promise.
func judge(body func(*Env)) func(*Env) Verdict {
	return func(e *Env) (v Verdict) {
		defer func() {
			switch p := recover().(type) {
			case nil:
			case verdict:
				v = Verdict(p)
			default:
				v = broken("panic: %v", p)
			}
		}()
		body(e)
		return Verdict{Status: Held}
	}
}

// verdict is a Verdict on its way up as a panic.
type verdict Verdict
