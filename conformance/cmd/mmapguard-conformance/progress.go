package main

import (
	"fmt"
	"io"
	"os"

	"github.com/mmapguard/go/conformance/report"
)

// progress tells how far the suite is: on a terminal in one line that changes,
// elsewhere in a line for every tenth of the way and every broken promise.
type progress struct {
	w        io.Writer
	terminal bool
	tenth    int
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// clearLine returns to the start of the line and erases it (ECMA-48, EL).
const clearLine = "\r\x1b[K"

func (p *progress) show(done, all int, r report.Result) {
	if p.terminal {
		fmt.Fprintf(p.w, "%s%d/%d %s", clearLine, done, all, r.Name())
	}
	switch tenth := done * 10 / all; {
	case r.Verdict == report.Broken && p.terminal:
		fmt.Fprintf(p.w, "%sBROKEN %s\n", clearLine, r.Name())
	case r.Verdict == report.Broken:
		fmt.Fprintf(p.w, "BROKEN %s\n", r.Name())
	case tenth > p.tenth && !p.terminal:
		p.tenth = tenth
		fmt.Fprintf(p.w, "%d of %d\n", done, all)
	}
}

func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.w, clearLine)
	}
}
