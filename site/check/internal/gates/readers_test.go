package gates

import (
	"testing"

	"github.com/mmapguard/go/site/check/internal/browser"
)

// Pages with the parts of the book that the gates know, and a script that does
// in a few words what mdBook's does.
const (
	turning = `<main>first</main><script>document.addEventListener('keydown', e => {
		if (e.key === 'ArrowRight') location.href = 'second.html' })</script>`
	back      = `<main>second</main><script>document.addEventListener('keydown', e => { if (e.key === 'ArrowLeft') history.back() })</script>`
	shortcuts = `<main>x</main><input id="mdbook-searchbar" hidden><div id="mdbook-help-popup" hidden>help</div><script>
		const bar = document.getElementById('mdbook-searchbar'), help = document.getElementById('mdbook-help-popup');
		document.addEventListener('keydown', e => {
			if (e.key === 's' || e.key === '/') bar.hidden = false;
			if (e.key === '?') help.hidden = false;
			if (e.key === 'Escape') bar.hidden = help.hidden = true;
		})</script>`
	searching = `<main>x</main><div id="mdbook-searchbar-outer"><input hidden></div><ul id="mdbook-searchresults"></ul><script>
		const input = document.querySelector('input'), list = document.querySelector('ul');
		document.addEventListener('keydown', e => {
			if (e.key === 's' && input.hidden) { e.preventDefault(); input.hidden = false; input.focus() }
			if (e.key === 'Enter') list.querySelector('a').click();
		});
		input.addEventListener('keyup', () => { if (input.value === 'SIGBUS') list.innerHTML = RESULT });
	</script>`
)

func TestTurn(t *testing.T) {
	tab := start(t)
	dir, base := room(t)
	for _, p := range []struct{ name, first, second, want string }{
		{"sound", turning, back, ""},
		{"no way on", "<main>first</main>", back, "arrow right does not lead"},
	} {
		t.Run(p.name, func(t *testing.T) {
			write(t, dir, "page.html", head+p.first)
			write(t, dir, "second.html", head+p.second)
			problems, err := Turn(tab, base, "page.html", "second.html")
			compare(t, problems, err, p.want)
		})
	}
}

func TestShortcuts(t *testing.T) {
	find(t, 1280, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) {
		return Shortcuts(tab)
	}, []planted{
		{"sound", shortcuts, ""},
		{"a deaf page", `<main>x</main>`, "after key s, #mdbook-searchbar is seen: false"},
	})
}

func TestFocus(t *testing.T) {
	find(t, 1280, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) {
		return Focus(tab, 3)
	}, []planted{
		{"sound", `<a href="second.html">one</a> <button>two</button>`, ""},
		{"no outline", `<a href="second.html" style="outline: none">one</a>`, "outline false"},
		{"nothing to see", `<a href="second.html"></a><button style="width: 0; padding: 0; border: 0"></button>`, "element false"},
		{"nothing to reach", `<main>text</main>`, "leads nowhere"},
	})
}

func TestThemes(t *testing.T) {
	const menu = `<button class="theme" id="mdbook-theme-default_theme">Auto</button><button class="theme" id="mdbook-theme-light">Light</button>`
	find(t, 1280, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) { return Offered(tab) }, []planted{
		{"sound", menu + `<button class="theme" id="mdbook-theme-navy">Navy</button>`, ""},
		{"one that nobody checked", menu + `<button class="theme" id="mdbook-theme-navy">N</button><button class="theme" id="mdbook-theme-coal">C</button>`, "coal"},
		{"one too few", menu, "light"},
	})
}

func TestCopies(t *testing.T) {
	const button = `<button class="clip-button" onclick="copy(this.parentElement.querySelector('code').innerText)">copy</button>`
	const works = `<script>function copy(text) {
		const area = document.createElement('textarea');
		area.value = text; document.body.append(area); area.select(); document.execCommand('copy'); area.remove() }</script>`
	find(t, 1280, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) { return Copies(tab) }, []planted{
		{"sound", `<main><pre>` + button + `<code>text</code></pre></main>` + works, ""},
		{"a button that does nothing", `<main><pre>` + button + `<code>text</code></pre></main><script>function copy() {}</script>`, "does not copy"},
		{"code without a button", `<main><pre>` + button + `<code>text</code></pre><pre><code>other</code></pre></main>` + works, `copies "other"`},
		{"no code at all", `<main>x</main>`, "no block of code"},
	})
}
