package gates

import (
	"fmt"

	"github.com/mmapguard/go/site/check/internal/browser"
)

// The size of a phone, in pixels of CSS.
const (
	PhoneWidth  = 390
	PhoneHeight = 844
)

// overflow tells what is wider than its frame: the page itself, and the parts
// of it that would hide that by scrolling or clipping. Tables and code may
// scroll inside themselves.
const overflow = `['html', 'body', '#mdbook-page-wrapper', '#mdbook-content', 'main']
	.map(name => [name, document.querySelector(name)])
	.filter(([, e]) => e && e.scrollWidth > Math.min(e.clientWidth, innerWidth))
	.map(([name, e]) => name + ' is ' + e.scrollWidth + ' wide in ' + Math.min(e.clientWidth, innerWidth) + widest(e))`

// widest names the elements that stick out, for whoever has to mend them.
const widest = `const widest = frame => {
	const out = [...frame.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth
		&& !e.parentElement.closest('pre, .table-wrapper, .scroll'));
	return out.length ? ': ' + out.slice(0, 3).map(e => e.outerHTML.slice(0, 80)).join(' | ') : '';
};`

// Phone wants a page that a phone shows without sideways scrolling. The page
// must have been opened at that size, for the book's scripts ask once.
func Phone(t *browser.Tab) ([]string, error) {
	width, err := browser.Eval[int](t, "innerWidth")
	if err != nil {
		return nil, err
	}
	// A page that is too wide makes a phone zoom out.
	if width != PhoneWidth {
		return []string{fmt.Sprintf("is shown %d wide on a phone of %d", width, PhoneWidth)}, nil
	}
	return browser.Eval[[]string](t, "(() => {"+widest+" return "+overflow+"})()")
}
