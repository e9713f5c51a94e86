package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Dir is the folder of the case, from the repository's root.
const Dir = "assurance-case"

// Load reads the case from the repository. All mistakes of form are reported at
// once: unknown fields, missing and empty ones, and values of the wrong kind.
func Load(repository fs.FS) (*Case, error) {
	c := &Case{}
	var problems []error
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		pattern := v.Type().Field(i).Tag.Get("file")
		files, err := fs.Glob(repository, path.Join(Dir, pattern))
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			problems = append(problems, fmt.Errorf("%s: it is missing; SCHEMA.md says what belongs there", path.Join(Dir, pattern)))
		}
		for _, file := range files {
			problems = append(problems, loadInto(v.Field(i), repository, file))
		}
	}
	return c, errors.Join(problems...)
}

// loadInto reads a file into a field of the case. Several files of one list are
// appended; a file of frameworks holds one.
func loadInto(field reflect.Value, repository fs.FS, file string) error {
	text, err := fs.ReadFile(repository, file)
	if err != nil {
		return err
	}
	into := reflect.New(field.Type())
	if field.Type() == reflect.TypeFor[[]Framework]() {
		into = reflect.New(field.Type().Elem())
	}
	root, err := decode(text, into.Interface())
	if err != nil {
		return located(file, err)
	}
	p := placer{file: file}
	p.place(into.Elem(), root, root.Line)
	switch {
	case into.Elem().Kind() != reflect.Slice && field.Kind() == reflect.Slice:
		field.Set(reflect.Append(field, into.Elem()))
	case field.Kind() == reflect.Slice:
		field.Set(reflect.AppendSlice(field, into.Elem()))
	default:
		field.Set(into.Elem())
	}
	return errors.Join(p.problems...)
}

// decode reads one document strictly, and returns its nodes as well: the
// library knows the lines, but does not give them to structures.
func decode(text []byte, into any) (*yaml.Node, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("it holds more than one document")
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	if len(root.Content) == 0 {
		return &yaml.Node{Line: 1}, nil
	}
	return root.Content[0], nil
}

var yamlLine = regexp.MustCompile(`(?:yaml: )?line (\d+): `)

// located turns the library's "line 7: …" into file:7.
func located(file string, err error) error {
	var lines []error
	texts := []string{err.Error()}
	var typed *yaml.TypeError
	if errors.As(err, &typed) {
		texts = typed.Errors
	}
	for _, text := range texts {
		line := "1"
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			line, text = m[1], strings.Replace(text, m[0], "", 1)
		}
		lines = append(lines, fmt.Errorf("%s:%s: %s; SCHEMA.md says which fields there are", file, line, strings.TrimPrefix(text, "yaml: ")))
	}
	return errors.Join(lines...)
}

// placer gives structures their places, and finds what is missing.
type placer struct {
	file     string
	problems []error
}

func (p *placer) complain(line int, format string, args ...any) {
	p.problems = append(p.problems, fmt.Errorf("%s:%d: %s", p.file, line, fmt.Sprintf(format, args...)))
}

// place walks a value along the nodes that it was read from.
func (p *placer) place(v reflect.Value, node *yaml.Node, line int) {
	if node != nil {
		line = node.Line
	}
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			p.place(v.Index(i), child(node, i), line)
		}
	case reflect.Struct:
		if pos := v.FieldByName("Pos"); pos.IsValid() {
			pos.Set(reflect.ValueOf(Pos{p.file, line}))
		}
		if v.Type() == reflect.TypeFor[Ref]() {
			return
		}
		for i := range v.NumField() {
			p.field(v.Type().Field(i), v.Field(i), node, line)
		}
	}
}

func child(node *yaml.Node, i int) *yaml.Node {
	if node == nil || i >= len(node.Content) {
		return nil
	}
	return node.Content[i]
}

func (p *placer) field(f reflect.StructField, v reflect.Value, node *yaml.Node, line int) {
	name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "-" {
		return
	}
	value := valueOf(node, name)
	switch {
	case v.IsZero() && value == nil && options != "omitempty":
		p.complain(line, "%q is missing: %s", name, f.Tag.Get("doc"))
	case empty(v) && value != nil:
		p.complain(value.Line, "%q is empty: fill it in (%s), or leave it out if it may be", name, f.Tag.Get("doc"))
	}
	p.place(v, value, line)
}

// empty tells a list or text that is there and holds nothing. A blank reference
// in a list is as bad as none.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice:
		return v.Len() == 0
	case reflect.String:
		return strings.TrimSpace(v.String()) == ""
	}
	return false
}

func valueOf(node *yaml.Node, name string) *yaml.Node {
	if node == nil {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			return node.Content[i+1]
		}
	}
	return nil
}
