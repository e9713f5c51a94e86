package gates

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mmapguard/go/site/check/internal/browser"
)

func compare(t *testing.T, problems []string, err error, want string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(problems, "\n")
	if want == "" && all != "" || !strings.Contains(all, want) {
		t.Errorf("found %q, want %q", all, want)
	}
}

// found is a page whose search finds what it is told.
func found(result string) string { return strings.Replace(searching, "RESULT", "`"+result+"`", 1) }

func TestSearch(t *testing.T) {
	pages := []planted{
		{"sound", found(`<li><a href="second.html">Second</a> about SIGBUS</li>`), ""},
		{"a teaser without the word", found(`<li><a href="second.html">Second</a></li>`), "no teaser"},
		{"the wrong page", found(`<li><a href="other.html">Other</a> about SIGBUS</li>`), "does not have it"},
		{"nothing", found(``), "does not find"},
		{"no search", `<main>x</main>`, "no index"},
	}
	for _, mouse := range []bool{false, true} {
		find(t, 1280, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) {
			return Search(tab, "SIGBUS", mouse)
		}, pages)
		pages = pages[:1]
	}
}

func TestWalk(t *testing.T) {
	steps := []Step{{Within: "main", Leads: `second\.html`, Shows: "SIG+BUS"}}
	find(t, 1280, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) {
		return Walk(tab, steps)
	}, []planted{
		{"sound", `<main><a href="second.html">on</a></main>`, ""},
		{"no link", `<main><a href="other.html">on</a></main>`, "has no link to"},
		{"a link that nobody sees", `<main><a href="second.html" style="display: none">on</a></main>`, "has no link to"},
		{"a link outside", `<nav><a href="second.html">on</a></nav><main></main>`, "has no link to"},
		{"a link that a script takes", `<main><a href="second.html" onclick="return false">on</a></main>`, "does not lead there"},
	})
	steps[0].Shows = "verdict"
	const parts = `<main><a href="#here">here</a><h2 id="here">here</h2><p>%s</p><h2>there</h2><p>%s</p></main>`
	find(t, 1280, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) {
		return Walk(tab, []Step{{Within: "main", Leads: "#here$", Shows: "verdict"}})
	}, []planted{
		{"in its section", fmt.Sprintf(parts, "the verdict", "other"), ""},
		{"in another section", fmt.Sprintf(parts, "other", "the verdict"), "nothing says verdict"},
	})
	find(t, 1280, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) {
		return Walk(tab, steps)
	}, []planted{
		{"a page that says something else", `<main><a href="second.html">on</a></main>`, "nothing says verdict"},
	})
}
