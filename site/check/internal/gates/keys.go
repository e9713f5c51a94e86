package gates

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp/kb"

	"github.com/mmapguard/go/site/check/internal/browser"
)

// Turn wants pages that the arrow keys turn: from the first chapter to the
// second and back. Chapters are paths below base.
func Turn(t *browser.Tab, base, first, second string) ([]string, error) {
	if _, err := t.Open(base + first); err != nil {
		return nil, err
	}
	for _, step := range []struct{ name, key, want string }{
		{"right", kb.ArrowRight, second},
		{"left", kb.ArrowLeft, first},
	} {
		if err := t.Keys(step.key); err != nil {
			return nil, err
		}
		if err := t.Until(fmt.Sprintf("location.href.endsWith(%q) && document.readyState === 'complete'", "/"+step.want)); err != nil {
			return []string{fmt.Sprintf("arrow %s does not lead to %s: %v", step.name, step.want, err)}, nil
		}
	}
	return nil, nil
}

// shown is whether an element can be seen.
func shown(t *browser.Tab, selector string) (bool, error) {
	return browser.Eval[bool](t, fmt.Sprintf("!!document.querySelector(%q)?.checkVisibility()", selector))
}

// press presses a key, and wants an element to be seen, or not to be.
func press(t *browser.Tab, name, key, selector string, want bool) ([]string, error) {
	if err := t.Keys(key); err != nil {
		return nil, err
	}
	is, err := shown(t, selector)
	if err != nil || is == want {
		return nil, err
	}
	return []string{fmt.Sprintf("after key %s, %s is seen: %t", name, selector, is)}, nil
}

// Shortcuts wants the keys of the book's help on the open page: s and / open
// the search, ? the help, and Escape closes them.
func Shortcuts(t *browser.Tab) ([]string, error) {
	var problems []string
	for _, step := range []struct {
		name, key, selector string
		want                bool
	}{
		{"s", "s", "#mdbook-searchbar", true},
		{"Escape", kb.Escape, "#mdbook-searchbar", false},
		{"/", "/", "#mdbook-searchbar", true},
		{"Escape", kb.Escape, "#mdbook-searchbar", false},
		{"?", "?", "#mdbook-help-popup", true},
		{"Escape", kb.Escape, "#mdbook-help-popup", false},
	} {
		more, err := press(t, step.name, step.key, step.selector, step.want)
		if err != nil {
			return nil, err
		}
		problems = append(problems, more...)
	}
	return problems, nil
}

// focused describes what has the focus: its element, and whether one sees it.
const focused = `(() => {
	const e = document.activeElement, style = getComputedStyle(e);
	return [e.outerHTML.slice(0, 80), String(style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1),
		String(e.checkVisibility() && e.getBoundingClientRect().width > 0)];
})()`

// Focus wants to see where the keyboard is: it presses Tab so many times from
// the top of the open page, and each element that gets the focus must be seen
// and have an outline.
func Focus(t *browser.Tab, times int) ([]string, error) {
	var problems []string
	seen := map[string]bool{}
	for range times {
		if err := t.Keys(kb.Tab); err != nil {
			return nil, err
		}
		now, err := browser.Eval[[3]string](t, focused)
		if err != nil {
			return nil, err
		}
		if seen[now[0]] = true; strings.HasPrefix(now[0], "<body") {
			continue // past the last
		}
		if now[1] != "true" || now[2] != "true" {
			problems = append(problems, fmt.Sprintf("the focus on %s is not seen (outline %s, element %s)", now[0], now[1], now[2]))
		}
	}
	if len(seen) < 2 {
		problems = append(problems, "the Tab key leads nowhere")
	}
	return problems, nil
}
