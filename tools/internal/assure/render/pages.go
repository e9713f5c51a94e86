package render

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/verify"
)

//go:embed pages/*.md
var pages embed.FS

// Pages writes everything that is published into a folder: the pages, a diagram
// of the whole argument and one for each requirement, and the verdicts.
func (b *Book) Pages(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { // #nosec G301 -- it is to be published
		return err
	}
	set, err := template.New("").Funcs(b.functions()).ParseFS(pages, "pages/*.md")
	if err != nil {
		return err
	}
	for _, name := range []string{"index.md", "argument.md", "countermeasures.md", "threats.md", "risks.md", "registers.md"} {
		if err := b.page(set, name, filepath.Join(dir, name), b); err != nil {
			return err
		}
	}
	for _, f := range b.Subject.Case.Frameworks {
		if err := b.page(set, "framework.md", filepath.Join(dir, "framework-"+f.ID+".md"), f); err != nil {
			return err
		}
	}
	if err := b.diagrams(dir); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, "verdicts.json"), b.Verdicts)
}

func (b *Book) page(set *template.Template, name, file string, data any) error {
	var text strings.Builder
	if err := set.ExecuteTemplate(&text, name, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	return write(file, text.String())
}

func write(file, text string) error {
	return os.WriteFile(file, []byte(text), 0o644) // #nosec G306 -- it is to be published
}

func writeJSON(file string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return write(file, string(text)+"\n")
}

// diagrams draws the argument as a whole, without the countermeasures, and each
// requirement's part of it with them.
func (b *Book) diagrams(dir string) error {
	top := b.Subject.Case.Argument.Goals[0]
	whole := b.diagram(top, "The argument as a whole", 1)
	if err := write(filepath.Join(dir, "gsn.svg"), whole); err != nil {
		return err
	}
	for _, r := range b.Subject.Case.Requirements {
		for _, g := range b.goalsOf(r.ID) {
			drawing := b.diagram(g, r.ID+": "+r.Title, -1)
			if err := write(filepath.Join(dir, "gsn-"+r.ID+".svg"), drawing); err != nil {
				return err
			}
		}
	}
	return nil
}

// functions are what the pages can call.
func (b *Book) functions() template.FuncMap {
	return template.FuncMap{
		"mark":      mark,
		"goal":      b.Goal,
		"state":     b.Countermeasure,
		"platforms": b.platforms,
		"goalsOf":   b.goalsOf,
		"subgoals":  b.subgoals,
		"seen":      b.seen,
		"command":   func(r model.Ref) string { e, _ := r.Evidence(); return Command(e) },
		"refute":    VerifyCommand,
		"where":     b.where,
		"mutant":    b.mutant,
		"row":       b.rowState,
		"refs":      b.refs,
		"cell":      cell,
		"join":      strings.Join,
		"slug":      func(id string) string { return strings.ToLower(strings.ReplaceAll(id, ".", "")) },
		"problems":  b.problems,
	}
}

// cell fits a text into a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}

// seen says what became of a piece of evidence, in one line.
func (b *Book) seen(r model.Ref) string {
	e, err := r.Evidence()
	if err != nil {
		return err.Error()
	}
	seen := b.Evidence(e.Key())
	if len(seen) == 0 {
		return string(verify.Unknown)
	}
	return strings.Join(seen, "; ")
}

// where is the place of a piece of evidence in the repository.
func (b *Book) where(r model.Ref) string {
	e, err := r.Evidence()
	if err != nil {
		return err.Error()
	}
	place, err := b.Subject.Find(e)
	if err != nil {
		return err.Error()
	}
	return place.String()
}

// mutant says what a mutant takes away, and where.
func (b *Book) mutant(name string) string {
	m, ok := b.Subject.Mutants[name]
	if !ok {
		return "no such mutant"
	}
	place, err := m.Place(b.Subject.Tree)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s (%s)", m.Breaks, place)
}

// rowState is what a row says of itself, and doubt where what it rests on was
// refuted.
func (b *Book) rowState(r model.Row) string {
	state := string(r.State())
	for _, ref := range r.By {
		if !ref.IsEvidence() && b.Countermeasure(ref.Text) == verify.Unsupported {
			return "✗ refuted: " + ref.Text + " is not supported"
		}
		if e, err := ref.Evidence(); ref.IsEvidence() && err == nil && b.failed(e.Key()) {
			return "✗ refuted: " + e.Key() + " does not pass"
		}
	}
	return state
}

// refs lists references; countermeasures link to their description.
func (b *Book) refs(refs []model.Ref) string {
	var all []string
	for _, r := range refs {
		switch {
		case strings.HasPrefix(r.Text, "CM-"):
			all = append(all, fmt.Sprintf("%s [%s](countermeasures.md#%s)", mark(b.Countermeasure(r.Text)), r.Text, strings.ToLower(r.Text)))
		case strings.HasPrefix(r.Text, "RR-"):
			all = append(all, fmt.Sprintf("[%s](risks.md#%s)", r.Text, strings.ToLower(r.Text)))
		case strings.HasPrefix(r.Text, "AV-"):
			all = append(all, fmt.Sprintf("[%s](threats.md#%s)", r.Text, strings.ToLower(r.Text)))
		default:
			all = append(all, "`"+cell(r.Text)+"`")
		}
	}
	return strings.Join(all, ", ")
}

// problems are what verify found wrong.
func (b *Book) problems(id string) (problems []string) {
	for _, v := range b.of(id) {
		problems = append(problems, v.Problems...)
	}
	return problems
}
