package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// refers tells whether a value of a type can refer to memory.
func refers(t types.Type) bool { return refersIn(t, map[types.Type]bool{}) }

func refersIn(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0 || u.Kind() == types.UnsafePointer
	case *types.Array:
		return refersIn(u.Elem(), seen)
	case *types.Struct:
		for field := range u.Fields() {
			if refersIn(field.Type(), seen) {
				return true
			}
		}
		return false
	case *types.Tuple:
		for v := range u.Variables() {
			if refersIn(v.Type(), seen) {
				return true
			}
		}
		return false
	}
	return true
}

// raw tells whether a type is a plain reference to memory without references,
// as []byte, string and *header are. A reference of such a type to lent bytes
// points right into them; one of another type is something that contains such.
func raw(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return refers(u)
	case *types.Slice:
		return !refers(u.Elem())
	case *types.Pointer:
		return !refers(u.Elem())
	}
	return false
}

// text tells whether a type is a string type.
func text(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// fieldName is the name of the field that an address belongs to.
func fieldName(f *ssa.FieldAddr) string {
	s, ok := pointee(f.X.Type()).Underlying().(*types.Struct)
	if !ok {
		return "?"
	}
	return s.Field(f.Field).Name()
}

// pointee is the type that a pointer type points to.
func pointee(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return types.Typ[types.Invalid]
}

// isError tells whether a type is error itself.
func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}
