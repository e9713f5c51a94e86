package gates

import (
	"fmt"

	"github.com/mmapguard/go/site/check/internal/browser"
)

// Themes are those that the book offers: one light, one dark.
var Themes = []string{"light", "navy"}

// SetTheme chooses a theme from the book's menu, as readers do.
func SetTheme(t *browser.Tab, theme string) error {
	chosen, err := browser.Eval[bool](t, fmt.Sprintf(`(() => {
		const button = document.getElementById('mdbook-theme-%[1]s');
		button?.click();
		return document.documentElement.classList.contains('%[1]s');
	})()`, theme))
	if err == nil && !chosen {
		err = fmt.Errorf("the page has no theme %s", theme)
	}
	return err
}

// Offered wants a menu with the checked themes, and no others.
func Offered(t *browser.Tab) ([]string, error) {
	offered, err := browser.Eval[[]string](t, `[...document.querySelectorAll('button.theme')]
		.map(b => b.id.replace('mdbook-theme-', ''))`)
	if err != nil {
		return nil, err
	}
	want := append([]string{"default_theme"}, Themes...)
	if fmt.Sprint(offered) != fmt.Sprint(want) {
		return []string{fmt.Sprintf("the menu offers the themes %v; those that are checked are %v", offered, want)}, nil
	}
	return nil, nil
}
