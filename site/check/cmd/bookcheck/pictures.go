package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmapguard/go/site/check/internal/browser"
	"github.com/mmapguard/go/site/check/internal/gates"
)

// pictures are the screenshots for whoever wants to look: they prove nothing.
var pictures = []struct {
	name, page, theme string
	phone             bool
}{
	{"front", front, "light", false},
	{"front-dark", front, "navy", false},
	{"front-phone", front, "light", true},
	{"platforms-phone", "platforms.html", "navy", true},
	{"architecture", "architecture.html", "light", false},
	{"architecture-dark", "architecture.html", "navy", false},
	{"assurance", "assurance/index.html", "light", false},
	{"verdict", "assurance/sr-6.html", "light", false},
	{"verdict-dark", "assurance/sr-6.html", "navy", false},
	{"verdict-phone", "assurance/sr-6.html", "light", true},
	{"performance", "performance.html", "light", false},
	{"api", "api.html", "light", false},
}

// pictures takes the screenshots.
func (c *check) pictures(tab *browser.Tab, base string) error {
	if err := os.MkdirAll(c.shots, 0o750); err != nil {
		return err
	}
	for _, p := range pictures {
		width, height := int64(desktopWidth), int64(desktopHeight)
		if p.phone {
			width, height = gates.PhoneWidth, gates.PhoneHeight
		}
		if err := tab.Viewport(width, height, p.phone); err != nil {
			return err
		}
		if _, err := tab.Open(base + p.page); err != nil {
			return err
		}
		if err := gates.SetTheme(tab, p.theme); err != nil {
			return fmt.Errorf("%s: %w", p.page, err)
		}
		picture, err := tab.Screenshot()
		if err != nil {
			return fmt.Errorf("%s: %w", p.page, err)
		}
		if err := os.WriteFile(filepath.Join(c.shots, p.name+".png"), picture, 0o600); err != nil {
			return err
		}
	}
	fmt.Printf("%d screenshots are in %s\n", len(pictures), c.shots)
	return nil
}
