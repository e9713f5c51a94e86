package gates

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/mmapguard/go/site/check/internal/browser"
)

// results are what the search found: where each leads, and its teaser.
const results = `[...document.querySelectorAll('#mdbook-searchresults > li:has(a)')]
	.map(li => ({href: li.querySelector('a').href, text: li.innerText}))`

type result struct{ Href, Text string }

// Search wants the word to be found from the open page, with a teaser that has
// it, and the first result to open a page that has it: by keyboard, or by mouse.
func Search(t *browser.Tab, word string, mouse bool) ([]string, error) {
	if problems, err := Find(t, word); err != nil || problems != nil {
		return problems, err
	}
	found, err := browser.Eval[[]result](t, results)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(strings.ToLower(found[0].Text), strings.ToLower(word)) {
		return []string{fmt.Sprintf("the first result for %q has no teaser with it: %q", word, found[0].Text)}, nil
	}
	if err := follow(t, mouse); err != nil {
		return nil, err
	}
	return arrived(t, word, found[0].Href)
}

// Find searches for a word on the open page, and wants results.
func Find(t *browser.Tab, word string) ([]string, error) {
	if err := t.Keys("s"); err != nil {
		return nil, err
	}
	// The index comes with the first search. The frame says when it is there.
	if err := t.Until("document.querySelector('#mdbook-searchbar-outer')?.classList.contains('searching') === false"); err != nil {
		return []string{fmt.Sprintf("the search has no index: %v", err)}, nil
	}
	if err := t.Keys(word); err != nil {
		return nil, err
	}
	if err := t.Until("document.querySelectorAll('#mdbook-searchresults > li:has(a)').length > 0"); err != nil {
		return []string{fmt.Sprintf("the search does not find %q: %v", word, err)}, nil
	}
	return nil, nil
}

// follow opens the first result.
func follow(t *browser.Tab, mouse bool) error {
	if mouse {
		return t.Do(chromedp.Click(chromedp.CSS("#mdbook-searchresults > li a")))
	}
	return t.Keys(kb.ArrowDown + kb.Enter)
}

// arrived wants the page at the address to be open, and to have the word.
func arrived(t *browser.Tab, word, href string) ([]string, error) {
	page, _, _ := strings.Cut(href, "?")
	if err := t.Until(fmt.Sprintf("location.href.startsWith(%q) && document.readyState === 'complete'", page)); err != nil {
		return []string{fmt.Sprintf("the first result does not open %s: %v", page, err)}, nil
	}
	has, err := browser.Eval[bool](t, fmt.Sprintf("document.querySelector('main').innerText.toLowerCase().includes(%q)", strings.ToLower(word)))
	if err == nil && !has {
		return []string{fmt.Sprintf("%s, the first result for %q, does not have it", page, word)}, nil
	}
	return nil, err
}
