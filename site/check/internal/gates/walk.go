package gates

import (
	"fmt"

	"github.com/chromedp/chromedp"

	"github.com/mmapguard/go/site/check/internal/browser"
)

// Step is one click of a walk: on the first link that is seen, lies within an
// element, and leads where the pattern says; then something must be there.
type Step struct {
	// Within is the selector of what holds the link.
	Within string
	// Leads is a JavaScript pattern of the link's address in the book.
	Leads string
	// Shows is a JavaScript pattern of what the page then says, where the link
	// led: in the section of its anchor, if it has one, else in its main part.
	Shows string
}

// mark gives the link of a step a name, by which the mouse finds it, and brings
// it to where it stays: what still scrolls is not where the mouse clicks.
const mark = `(() => {
	document.querySelector('[data-walk]')?.removeAttribute('data-walk');
	const link = [...document.querySelectorAll(%q + ' a[href]')].find(a => new RegExp(%q).test(a.href) && a.checkVisibility());
	link?.setAttribute('data-walk', '');
	link?.scrollIntoView({block: 'center', behavior: 'instant'});
	return !!link;
})()`

// section is the text that the address of the open page points at.
const section = `(() => {
	const start = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
	if (!start) return document.querySelector('main').innerText;
	let text = start.innerText;
	for (let e = start.nextElementSibling; e && !(/^H[1-6]$/.test(e.tagName) && e.tagName <= start.tagName); e = e.nextElementSibling)
		text += '\n' + e.innerText;
	return text;
})()`

// Walk clicks its way from the open page, and tells where it ended.
func Walk(t *browser.Tab, steps []Step) ([]string, error) {
	for _, step := range steps {
		problem, err := step.take(t)
		if err != nil || problem != "" {
			return []string{problem}, err
		}
	}
	return nil, nil
}

func (s Step) take(t *browser.Tab) (string, error) {
	here, err := browser.Eval[string](t, "location.href")
	if err != nil {
		return "", err
	}
	if ok, err := browser.Eval[bool](t, fmt.Sprintf(mark, s.Within, s.Leads)); err != nil || !ok {
		return fmt.Sprintf("%s has no link to %s within %s", here, s.Leads, s.Within), err
	}
	if err := t.Do(chromedp.Click(chromedp.CSS("[data-walk]"))); err != nil {
		return "", fmt.Errorf("clicking the link to %s on %s: %w", s.Leads, here, err)
	}
	if err := t.Until(fmt.Sprintf("new RegExp(%q).test(location.href) && document.readyState === 'complete'", s.Leads)); err != nil {
		return fmt.Sprintf("the link to %s on %s does not lead there: %v", s.Leads, here, err), nil
	}
	says, err := browser.Eval[bool](t, fmt.Sprintf("new RegExp(%q).test(%s)", s.Shows, section))
	if err != nil || says {
		return "", err
	}
	return fmt.Sprintf("where the link to %s on %s leads, nothing says %s", s.Leads, here, s.Shows), nil
}
