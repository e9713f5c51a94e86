package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/mmapguard/go/site/internal/book"
)

// verified is what leaves the verdicts that the pages show.
const verified = "just assure-verify"

// casePage is a page of the case as assure render lists it.
type casePage struct {
	File   string     `json:"file"`
	Title  string     `json:"title"`
	Source string     `json:"source"`
	Below  []casePage `json:"below"`
}

// assurance is the assurance case: its first page, and below it the others.
func (s *Source) assurance(ctx context.Context, d book.Directive) (book.Page, error) {
	dir, err := os.MkdirTemp("", "mmapguard-case-")
	if err != nil {
		return book.Page{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if _, err := s.command(ctx, "go", "run", "./tools/cmd/assure", "render", "--out", dir); err != nil {
		return book.Page{}, err
	}
	var root casePage
	if err := readJSON(filepath.Join(dir, "contents.json"), &root); err != nil {
		return book.Page{}, err
	}
	first, err := root.chapter(dir, path.Dir(d.Chapter))
	if err != nil {
		return book.Page{}, err
	}
	note, err := s.age(ctx, dir)
	if err != nil {
		return book.Page{}, err
	}
	heading, rest, _ := strings.Cut(first.Text, "\n")
	return book.Page{Text: heading + "\n\n" + note + rest, Below: first.Below, Source: first.Source}, nil
}

func (p casePage) chapter(dir, folder string) (book.Chapter, error) {
	content, err := os.ReadFile(filepath.Join(dir, filepath.Base(p.File))) // #nosec G304 -- just made by assure
	if err != nil {
		return book.Chapter{}, err
	}
	c := book.Chapter{Name: p.Title, Path: path.Join(folder, p.File), Text: string(content), Source: p.Source}
	for _, below := range p.Below {
		inner, err := below.chapter(dir, folder)
		if err != nil {
			return book.Chapter{}, err
		}
		c.Below = append(c.Below, inner)
	}
	return c, nil
}

func readJSON(file string, value any) error {
	content, err := os.ReadFile(file) // #nosec G304 -- just made by assure
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, value); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	return nil
}

// age says what is to be said of the verdicts' age: that there are none, or that
// they are of other sources than the book.
func (s *Source) age(ctx context.Context, dir string) (string, error) {
	var verdicts []struct {
		Commit   string `json:"commit"`
		Modified bool   `json:"modified"`
	}
	if err := readJSON(filepath.Join(dir, "verdicts.json"), &verdicts); err != nil {
		return "", err
	}
	if len(verdicts) == 0 {
		if s.RequireData {
			return "", fmt.Errorf("no verdicts on the assurance case: %w; `%s` makes them", ErrNoData, verified)
		}
		return "> **Not verified in this build of the book.** `" + verified + "` runs the evidence and its mutants.\n\n", nil
	}
	head, err := s.command(ctx, "git", "rev-parse", "HEAD")
	if err != nil {
		return "", err
	}
	for _, v := range verdicts {
		if v.Commit == strings.TrimSpace(head) && !v.Modified {
			continue
		}
		if s.RequireData {
			return "", fmt.Errorf("the verdicts are of commit %s%s, and not of %s: %w; `%s` makes them", v.Commit, changes(v.Modified), strings.TrimSpace(head), ErrNoData, verified)
		}
		return fmt.Sprintf("> **The verdicts are of commit %s%s**, and this book was made of %s. %#q brings them up to date.\n\n", short(v.Commit), changes(v.Modified), short(head), verified), nil
	}
	return "", nil
}

// changes tells of sources that nobody has committed.
func changes(modified bool) string {
	if modified {
		return " with changes"
	}
	return ""
}

// short is the beginning of a commit's name, which is enough to find it.
func short(commit string) string { return commit[:min(12, len(commit))] }
