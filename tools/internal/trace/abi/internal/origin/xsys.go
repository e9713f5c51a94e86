// Package origin reads where the tables come from: the sources of
// golang.org/x/sys, and the kernel's description of its system calls.
package origin

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/bits"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/mmapguard/go/tools/internal/trace/abi"
)

// Constant is a named number.
type Constant struct {
	Name  string
	Value uint64
}

// Sys is the source folder of golang.org/x/sys/unix.
type Sys string

// XSys finds the module among those of this build.
func XSys() (Sys, error) {
	out, err := exec.CommandContext(context.Background(), "go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys").Output()
	if err != nil {
		return "", fmt.Errorf("finding golang.org/x/sys: %w", err)
	}
	return Sys(filepath.Join(strings.TrimSpace(string(out)), "unix")), nil
}

// Calls are the system calls of a processor, by number.
func (s Sys) Calls(arch string) ([]Constant, error) {
	all, err := s.read("zsysnum_linux_" + arch + ".go")
	if err != nil {
		return nil, err
	}
	var list []Constant
	for name, value := range all {
		// The second is no call but where those of a processor begin.
		if short, ok := strings.CutPrefix(name, "SYS_"); ok && name != "SYS_ARCH_SPECIFIC_SYSCALL" {
			list = append(list, Constant{strings.ToLower(short), value})
		}
	}
	slices.SortFunc(list, func(a, b Constant) int { return int(a.Value) - int(b.Value) }) // #nosec G115 -- numbers of calls are small
	return list, nil
}

// Constants are all constants of a processor that are plain numbers.
func (s Sys) Constants(arch string) (map[string]uint64, error) {
	all := map[string]uint64{}
	for _, file := range []string{"zerrors_linux.go", "zerrors_linux_" + arch + ".go", "ztypes_linux.go", "ztypes_linux_" + arch + ".go"} {
		some, err := s.read(file)
		if err != nil {
			return nil, err
		}
		for name, value := range some {
			all[name] = value
		}
	}
	// The kernel's own header calls these two one; x/sys leaves the mask out.
	all["SOCK_TYPE_MASK"] = 0xf
	return all, nil
}

func (s Sys) read(file string) (map[string]uint64, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(string(s), file), nil, 0)
	if err != nil {
		return nil, err
	}
	found := map[string]uint64{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ok && len(spec.Names) == len(spec.Values) {
			for i, name := range spec.Names {
				if kind, value, ok := typed(spec.Values[i]); ok {
					found[kind+name.Name] = value
				}
			}
		}
		return true
	})
	return found, nil
}

// typed reads a number, or one of a type of its own, "syscall.Errno(0x2)", whose
// name is put before that of the constant: errors and signals share letters
// with others.
func typed(e ast.Expr) (kind string, value uint64, ok bool) {
	call, isCall := e.(*ast.CallExpr)
	if !isCall {
		value, ok = number(e)
		return "", value, ok
	}
	of, isSelector := call.Fun.(*ast.SelectorExpr)
	if !isSelector || len(call.Args) != 1 {
		return "", 0, false
	}
	value, ok = number(call.Args[0])
	return of.Sel.Name + ":", value, ok
}

// number reads a literal, which may be negative.
func number(e ast.Expr) (uint64, bool) {
	if minus, ok := e.(*ast.UnaryExpr); ok && minus.Op == token.SUB {
		value, ok := number(minus.X)
		return -value, ok
	}
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.INT {
		return 0, false
	}
	value, err := strconv.ParseUint(literal.Value, 0, 64)
	return value, err == nil
}

// Members are the constants of a domain, one name for each value: of flags those
// with most bits first, so that a union stands for its parts.
func Members(d abi.Domain, constants map[string]uint64) []Constant {
	var list []Constant
	for name, value := range constants {
		// A flag that this processor does without is 0, which would take the place
		// of the number that 0 stands for under the mask.
		nothing := value == 0 && d.Low != nil && !d.Low.MatchString(name)
		if d.Pattern.MatchString(name) && !nothing {
			list = append(list, Constant{name[strings.IndexByte(name, ':')+1:], value})
		}
	}
	slices.SortFunc(list, func(a, b Constant) int { return strings.Compare(a.Name, b.Name) })
	seen := map[uint64]bool{}
	list = slices.DeleteFunc(list, func(c Constant) bool {
		again := seen[c.Value]
		seen[c.Value] = true
		return again
	})
	if d.Style == abi.Flags {
		slices.SortStableFunc(list, func(a, b Constant) int { return bits.OnesCount64(b.Value) - bits.OnesCount64(a.Value) })
	}
	return list
}
