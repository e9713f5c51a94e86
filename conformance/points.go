package conformance

import (
	"os"

	"github.com/mmapguard/go/mmapguard"
)

// between does something in a stretch of the process's life that a tracer can
// see the ends of (rules/library.yaml, "points"): whatever the library opens or
// maps within is to be gone at its end. The points are looks at files that
// there are not, and do nothing else.
func between(name string, do func()) {
	point("begin", name)
	do()
	point("end", name)
}

// phase tells a tracer which mechanism is tried from here on.
func phase(m mmapguard.Mechanism) {
	name := string(m)
	if name == "" {
		name = "the library's choice"
	}
	point("phase", name)
}

func point(what, name string) {
	// The system's answer is that there is no such file.
	_, _ = os.Lstat("guardtrace:" + what + ":" + name)
}
