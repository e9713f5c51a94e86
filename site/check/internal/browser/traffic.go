package browser

import (
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// Visit is what came of opening a page.
type Visit struct {
	// Requests are the addresses that were asked for, in order.
	Requests []string
	// Errors are requests that failed, and what the page's scripts and the
	// browser complained about.
	Errors []string
	// Bytes is what the page weighs with all that it loads, uncompressed.
	Bytes int64
}

// traffic gathers what the browser reports, which it does while others ask.
type traffic struct {
	mu    sync.Mutex
	now   Visit
	names map[network.RequestID]string
}

func (t *traffic) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now, t.names = Visit{}, map[network.RequestID]string{}
}

func (t *traffic) visit() Visit {
	t.mu.Lock()
	defer t.mu.Unlock()
	return Visit{Requests: slices.Clone(t.now.Requests), Errors: slices.Clone(t.now.Errors)}
}

// note takes note of an event. It must be fast: the browser waits for it.
func (t *traffic) note(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		// What is in the address itself asks nobody.
		if !strings.HasPrefix(e.Request.URL, "data:") {
			t.now.Requests = append(t.now.Requests, e.Request.URL)
			t.names[e.RequestID] = e.Request.URL
		}
	case *network.EventLoadingFailed:
		t.now.Errors = append(t.now.Errors, t.names[e.RequestID]+": "+e.ErrorText)
	case *runtime.EventExceptionThrown:
		t.now.Errors = append(t.now.Errors, exception(e.ExceptionDetails))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			t.now.Errors = append(t.now.Errors, e.Entry.URL+": "+e.Entry.Text)
		}
	}
}

// exception is the text of an error that a script left to the browser.
func exception(details *runtime.ExceptionDetails) string {
	if details.Exception != nil && details.Exception.Description != "" {
		return details.Exception.Description
	}
	return details.Text
}
