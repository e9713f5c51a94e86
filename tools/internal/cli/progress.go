package cli

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressDelay is how long work goes on before it is worth a progress bar.
const progressDelay = 500 * time.Millisecond

// progress is a writer that counts what the real one has taken, and draws a bar
// if that lasts.
type progress struct {
	to    io.Writer
	bar   *progressbar.ProgressBar
	since time.Time
	count int64
}

// newProgress draws on the given terminal. The total is in bytes, or -1 if it
// is not known.
func newProgress(to, screen io.Writer, name string, total int64) *progress {
	bar := progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(screen),
		progressbar.OptionSetDescription(name),
		progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetWidth(20),
		progressbar.OptionClearOnFinish(),
	)
	return &progress{to: to, bar: bar, since: time.Now()}
}

func (p *progress) Write(b []byte) (int, error) {
	n, err := p.to.Write(b)
	p.count += int64(n)
	if err == nil && time.Since(p.since) >= progressDelay {
		err = p.bar.Set64(p.count)
	}
	return n, err
}

// finish leaves the screen as if there had never been a bar.
func (p *progress) finish() error { return p.bar.Clear() }

// withProgress runs work with a writer that shows how far it has got, if there
// is a terminal to show it on; otherwise the writer is w itself, which the
// library may then hand the mapping.
func (s *session) withProgress(name string, w io.Writer, work func(io.Writer) error) error {
	screen, ok := terminal(s.err)
	if _, shared := terminal(w); !ok || shared {
		return work(w)
	}
	p := newProgress(w, screen, name, sizeOf(name))
	err := work(p)
	if clearErr := p.finish(); err == nil {
		err = clearErr
	}
	return err
}

// sizeOf is the size of a file for the sake of the bar alone, or -1.
func sizeOf(name string) int64 {
	info, err := os.Stat(name)
	if name == "-" || err != nil || !info.Mode().IsRegular() {
		return -1
	}
	return info.Size()
}
