package repo

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Pipeline is what runs besides tests, by the names that evidence uses.
type Pipeline struct {
	Linters, Jobs, Stages, Recipes map[string]Place
}

// ReadPipeline reads the configuration of the linters, the workflows, .ci/run
// and the justfile.
func ReadPipeline(t *Tree) (*Pipeline, error) {
	p := &Pipeline{}
	var err error
	if p.Linters, err = linters(t); err != nil {
		return nil, err
	}
	if p.Jobs, err = jobs(t); err != nil {
		return nil, err
	}
	if p.Stages, err = heads(t, ".ci/run", stageLine); err != nil {
		return nil, err
	}
	p.Recipes, err = heads(t, "justfile", recipeLine)
	return p, err
}

var (
	stageLine = regexp.MustCompile(`^\s*stage '([^']+)'`)
	// A parameter's default may hold anything between its quotes.
	recipeLine = regexp.MustCompile(`^([a-z][a-z0-9_-]*)((?: [^":=]+(?:="[^"]*")?)*):(?:[^=]|$)`)
)

// heads finds the first group of an expression, line by line.
func heads(t *Tree, name string, expression *regexp.Regexp) (map[string]Place, error) {
	text, err := t.ReadFile(name)
	if err != nil {
		return nil, err
	}
	found := map[string]Place{}
	for i, line := range strings.Split(string(text), "\n") {
		if m := expression.FindStringSubmatch(line); m != nil {
			found[m[1]] = Place{name, i + 1}
		}
	}
	return found, nil
}

func linters(t *Tree) (map[string]Place, error) {
	var config struct {
		Linters struct{ Enable []yaml.Node }
	}
	if err := readYAML(t, ".golangci.yml", &config); err != nil {
		return nil, err
	}
	found := map[string]Place{}
	for _, node := range config.Linters.Enable {
		found[node.Value] = Place{".golangci.yml", node.Line}
	}
	return found, nil
}

const workflows = ".github/workflows"

func jobs(t *Tree) (map[string]Place, error) {
	found := map[string]Place{}
	files, err := fs.Glob(t, workflows+"/*.y*ml")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		var workflow struct{ Jobs map[string]yaml.Node }
		if err := readYAML(t, file, &workflow); err != nil {
			return nil, err
		}
		for job, node := range workflow.Jobs {
			found[path.Base(file)+"/"+job] = Place{file, node.Line - 1}
		}
	}
	return found, nil
}

func readYAML(t *Tree, name string, into any) error {
	text, err := t.ReadFile(name)
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Holds finds a text in a file; an empty one is found at its beginning. Folders
// are there as well.
func (t *Tree) Holds(name, text string) (Place, error) {
	name = strings.TrimSuffix(name, "/")
	info, err := fs.Stat(t, name)
	if err != nil {
		return Place{}, fmt.Errorf("there is no %s", name)
	}
	if text == "" || info.IsDir() {
		return Place{name, 1}, nil
	}
	content, err := t.ReadFile(name)
	if err != nil {
		return Place{}, err
	}
	before, _, ok := strings.Cut(string(content), text)
	if !ok {
		return Place{}, fmt.Errorf("%s does not hold %q", name, text)
	}
	return Place{name, strings.Count(before, "\n") + 1}, nil
}
