package cli

import (
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressDelay is how long work goes on before it is worth a progress bar.
const progressDelay = 500 * time.Millisecond

// progress is a writer that shows how much the real one has taken.
type progress struct {
	to  io.Writer
	bar *progressbar.ProgressBar
}

// newProgress draws on the given screen. The total is in bytes, or -1 if it is
// not known.
func newProgress(to, screen io.Writer, name string, total int64) *progress {
	return &progress{to, progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(&gate{screen, time.Now().Add(progressDelay)}),
		progressbar.OptionSetDescription(filepath.Base(name)),
		progressbar.OptionShowBytes(true),
		progressbar.OptionShowCount(),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetWidth(20),
	)}
}

// Write drops the bar's errors: the file may have grown beyond its total, the
// terminal may be gone, and neither is a reason to stop the work.
func (p *progress) Write(b []byte) (int, error) {
	n, err := p.to.Write(b)
	_ = p.bar.Add(n)
	return n, err
}

// finish leaves the screen as if there had never been a bar.
func (p *progress) finish() { _ = p.bar.Clear() }

// gate is a screen that shows nothing until it opens.
type gate struct {
	screen io.Writer
	opens  time.Time
}

func (g *gate) Write(b []byte) (int, error) {
	if time.Now().Before(g.opens) {
		return len(b), nil
	}
	return g.screen.Write(b)
}

// withProgress runs work with a writer that shows how far it has got, if there
// is a terminal to show it on; otherwise the writer is w itself, which the
// library may then hand the mapping.
func (s *session) withProgress(name string, w io.Writer, work func(io.Writer) error) error {
	screen, ok := terminal(s.err)
	if _, shared := terminal(w); !ok || shared {
		return work(w)
	}
	p := newProgress(w, screen, name, sizeOf(name))
	defer p.finish()
	return work(p)
}

// sizeOf is the size of a file for the sake of the bar alone, or -1.
func sizeOf(name string) int64 {
	info, err := os.Stat(name)
	if name == "-" || err != nil || !info.Mode().IsRegular() {
		return -1
	}
	return info.Size()
}
