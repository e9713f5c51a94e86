// Package browser opens pages in a real Chromium without a window, and keeps
// account of what they ask of the network and complain about.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// ErrNone says that this machine has no browser that Go could drive.
var ErrNone = errors.New("no Chromium in the path (Debian: apt-get install chromium)")

// patience is how long a page may take to open or to answer. It only ends what
// hangs: nothing here measures time.
const patience = 2 * time.Minute

// errNever is the end of waiting for what the page could tell at any time.
var errNever = errors.New("it never held")

// pause is what Until waits between two attempts.
const pause = 100 * time.Millisecond

// Find finds the browser.
func Find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if file, err := exec.LookPath(name); err == nil {
			return file, nil
		}
	}
	return "", ErrNone
}

// Tab is one open tab of a browser of its own, with a fresh profile.
type Tab struct {
	// Attempts is how often Until asks: at first for 30 seconds at least.
	Attempts int

	ctx     context.Context
	cancel  func()
	traffic traffic
}

// Start starts a browser. Close ends it.
func Start(ctx context.Context) (*Tab, error) {
	file, err := Find()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(file))
	// Chromium refuses to run its sandbox as root. All that it opens here is
	// the book.
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	ctx, closeTab := chromedp.NewContext(ctx)
	t := &Tab{Attempts: 300, ctx: ctx, cancel: func() { closeTab(); stop() }}
	if err := t.prepare(); err != nil {
		t.Close()
		return nil, fmt.Errorf("starting %s: %w", file, err)
	}
	return t, nil
}

// Close ends the browser, and waits for it.
func (t *Tab) Close() { t.cancel() }

// prepare has the browser report what it does, fetch everything anew for each
// page, and leave out what would make two looks at a page differ.
func (t *Tab) prepare() error {
	if err := chromedp.Listen(t.ctx, t.traffic.note); err != nil {
		return err
	}
	return chromedp.Do(t.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		if err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, target, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, target, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}); err != nil {
			return err
		}
		_, err = cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: still})
		return err
	}))
}

// still keeps the page for printing from printing, and colours from changing
// little by little, so that whoever measures them sees the last one.
const still = `window.print = () => {};
document.addEventListener('DOMContentLoaded', () => {
	const style = document.createElement('style');
	style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important }';
	document.head.append(style);
});`

// Do takes steps in the tab.
func (t *Tab) Do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// Eval returns what a JavaScript expression is, or what it promises.
func Eval[T any](t *Tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Until waits until a JavaScript expression holds. Between two pages there is
// nothing to ask, which is no reason to give up.
func (t *Tab) Until(expression string) error {
	var err error
	for range t.Attempts {
		var holds bool
		if holds, err = Eval[bool](t, expression); holds {
			return nil
		}
		if err := t.Do(chromedp.Sleep(pause)); err != nil {
			return err
		}
	}
	if err == nil {
		err = errNever
	}
	return fmt.Errorf("waiting for %s: %w", expression, err)
}

// Open opens a page, waits for all of it, and tells what it fetched.
func (t *Tab) Open(url string) (Visit, error) {
	t.traffic.reset()
	if err := t.Do(chromedp.Navigate(url)); err != nil {
		return Visit{}, fmt.Errorf("opening %s: %w", url, err)
	}
	bytes, err := Eval[int64](t, weight)
	if err != nil {
		return Visit{}, fmt.Errorf("weighing %s: %w", url, err)
	}
	visit := t.traffic.visit()
	visit.Bytes = bytes
	return visit, nil
}

// weight is what the page and all that it loads weigh as files. Fonts come
// last, when the text that wants them is laid out.
const weight = `document.fonts.ready.then(() => ['navigation', 'resource']
	.flatMap(type => performance.getEntriesByType(type))
	.reduce((sum, entry) => sum + entry.encodedBodySize, 0))`

// Viewport makes the tab so wide and high, as a phone or as a desktop.
func (t *Tab) Viewport(width, height int64, phone bool) error {
	if phone {
		return t.Do(chromedp.EmulateViewport(width, height, chromedp.EmulateMobile))
	}
	return t.Do(chromedp.EmulateViewport(width, height))
}

// Screenshot takes a picture (PNG) of what the tab shows.
func (t *Tab) Screenshot() ([]byte, error) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}
