package model

import (
	"reflect"
	"strings"
)

// Defined is something that can be referred to.
type Defined struct {
	Pos
	ID string
	Is string // the type's name: Goal, Countermeasure, …
}

// Used is a reference with what it stands in.
type Used struct {
	Ref
	To    string // what it may refer to: the words of the field's tag
	Owner string // the id of what it stands in, or its name
	Field string
}

// May tells whether the reference may be evidence.
func (u Used) May(word string) bool {
	for _, allowed := range strings.Fields(u.To) {
		if allowed == word {
			return true
		}
	}
	return false
}

// Walk calls the functions for everything that is defined and used in the case,
// in the order of its files. The rows of a framework are named by it, because
// frameworks do not know of each other's ids.
func (c *Case) Walk(defined func(Defined), used func(Used)) {
	w := walker{defined: defined, used: used}
	w.walk(reflect.ValueOf(c).Elem(), "", "")
}

type walker struct {
	defined func(Defined)
	used    func(Used)
}

func (w walker) walk(v reflect.Value, owner, framework string) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			w.walk(v.Index(i), owner, framework)
		}
	case reflect.Struct:
		if id := nameOf(v); id != "" {
			owner = framework + id
			if v.Type() == reflect.TypeFor[Framework]() {
				framework = id + "/"
			}
			pos, _ := v.FieldByName("Pos").Interface().(Pos)
			w.defined(Defined{pos, owner, v.Type().Name()})
		}
		for i := range v.NumField() {
			w.field(v.Type().Field(i), v.Field(i), owner, framework)
		}
	}
}

func (w walker) field(f reflect.StructField, v reflect.Value, owner, framework string) {
	use := func(r Ref) {
		if r.Text != "" {
			w.used(Used{r, f.Tag.Get("to"), owner, f.Name})
		}
	}
	switch refs := v.Interface().(type) {
	case Ref:
		use(refs)
	case []Ref:
		for _, r := range refs {
			use(r)
		}
	case Pos:
	default:
		w.walk(v, owner, framework)
	}
}

// nameOf is the id of a structure, or what serves as one.
func nameOf(v reflect.Value) string {
	for _, field := range []string{"ID", "Name", "Path", "Target", "Call"} {
		if f := v.FieldByName(field); f.IsValid() && f.Kind() == reflect.String {
			return f.String()
		}
	}
	return ""
}
