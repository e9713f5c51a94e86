package gates

import (
	"fmt"

	"github.com/chromedp/chromedp"

	"github.com/mmapguard/go/site/check/internal/browser"
)

// Copies wants every block of code on the open page to have a button, and the
// first one's to put that code on the clipboard. The page itself may not read
// the clipboard back, but sees what is copied.
func Copies(t *browser.Tab) ([]string, error) {
	without, err := browser.Eval[[]string](t, `[...document.querySelectorAll('main pre:has(code)')]
		.filter(pre => !pre.querySelector('button.clip-button')).map(pre => pre.innerText.slice(0, 60))`)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, text := range without {
		problems = append(problems, fmt.Sprintf("no button copies %q", text))
	}
	button, err := browser.Eval[bool](t, `document.addEventListener('copy', () => window.copied = getSelection() + '' || document.activeElement.value),
		!!document.querySelector('main pre button.clip-button')`)
	if err != nil || !button {
		return append(problems, "the page has no block of code"), err
	}
	if err := t.Do(chromedp.Click(chromedp.CSS("main pre button.clip-button"))); err != nil {
		return nil, err
	}
	copied, err := browser.Eval[bool](t, `(window.copied ?? '').trim() === document.querySelector('main pre:has(button.clip-button) code').innerText.trim()`)
	if err == nil && !copied {
		problems = append(problems, "the first button does not copy its code")
	}
	return problems, err
}
