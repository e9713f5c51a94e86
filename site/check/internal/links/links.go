// Package links finds the links of a book that lead nowhere.
package links

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/mmapguard/go/site/check/internal/book"
)

// Checker knows where links may lead.
type Checker struct {
	// Dir is the folder of the book.
	Dir string
	// Repository is the folder of the repository, and Hosted its address on the
	// web: a link to a file there must be to a file that exists.
	Repository, Hosted string

	pages map[string]book.Page
}

// Check follows each link of each page, and says which ones lead nowhere, and
// how many it followed. Of links to other hosts it looks at the form alone:
// whether those answer would say nothing about the book.
func (c Checker) Check(pages []book.Page) (problems []string, followed int) {
	c.pages = map[string]book.Page{}
	for _, page := range pages {
		c.pages[page.Name] = page
	}
	for _, page := range pages {
		for _, link := range append(page.Links, page.Loads...) {
			followed++
			if err := c.follow(page, link); err != nil {
				problems = append(problems, fmt.Sprintf("%s: %q: %v", page.Name, link, err))
			}
		}
	}
	return problems, followed
}

func (c Checker) follow(from book.Page, link string) error {
	u, err := url.Parse(link)
	switch {
	case err != nil:
		return err
	case u.Scheme == "data" || u.Scheme == "mailto":
		return nil
	case u.IsAbs() || u.Host != "":
		return c.external(u)
	case path.IsAbs(u.Path):
		return fmt.Errorf("leads out of the book, if that is below a path, or in a file")
	case u.Path == "":
		return anchor(from, u.Fragment)
	}
	return c.internal(path.Join(path.Dir(from.Name), u.Path), u.Fragment)
}

// internal follows a link within the book.
func (c Checker) internal(name, fragment string) error {
	if strings.HasPrefix(name, "../") {
		return fmt.Errorf("leads out of the book")
	}
	page, ok := c.pages[name]
	if ok {
		return anchor(page, fragment)
	}
	info, err := os.Stat(filepath.Join(c.Dir, filepath.FromSlash(name)))
	if err != nil {
		return fmt.Errorf("the book has no such page or file")
	}
	// From a file, no server adds the name of an index.
	if info.IsDir() {
		return fmt.Errorf("a folder, which has no page when it is read from disk")
	}
	return nil
}

func anchor(page book.Page, fragment string) error {
	if fragment == "" || page.IDs[fragment] {
		return nil
	}
	return fmt.Errorf("%s has nothing of this name", page.Name)
}

// external looks at the form of a link to another host, and at the file, if it
// is one of this repository.
func (c Checker) external(u *url.URL) error {
	if u.Scheme != "https" || u.Host == "" || !strings.Contains(u.Host, ".") {
		return fmt.Errorf("want https and a host")
	}
	rest, ours := strings.CutPrefix(u.String(), c.Hosted+"/")
	if !ours || c.Hosted == "" {
		return nil
	}
	parts := strings.SplitN(rest, "/", 3)
	if len(parts) < 3 || parts[0] != "edit" && parts[0] != "blob" && parts[0] != "tree" {
		return nil
	}
	name, _, _ := strings.Cut(parts[2], "#")
	if _, err := os.Stat(filepath.Join(c.Repository, filepath.FromSlash(name))); err != nil { // #nosec G703 -- only whether it is there
		return fmt.Errorf("the repository has no file %s", name)
	}
	return nil
}
