package check

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// boundaryFolder is the one that may import unsafe.
const boundaryFolder = "mmapguard/internal/boundary/"

func unsafeExpressions(_ context.Context, s *Subject, r *report) error {
	found := map[string]model.Pos{}
	for _, u := range s.Sources.Unsafe {
		if !strings.HasPrefix(u.File, boundaryFolder) {
			r.add(at(u.Place), "%s is unsafe outside %s: move it there, or do without", u.Expression, boundaryFolder)
			continue
		}
		if !u.Shipped() {
			continue
		}
		if !u.Argued {
			r.add(at(u.Place), "%s has no // SAFETY: comment right above its statement: say why it is right", u.Expression)
		}
		found[unsafeKey(u.File, u.Function, u.Expression)] = at(u.Place)
	}
	bothWays(r, s.Case.Unsafe, found, func(e model.Unsafe) (string, model.Pos) {
		return unsafeKey(e.File, e.Function, e.Expression), e.Pos
	}, register("unsafe"), "unsafe expression")
	return nil
}

func unsafeKey(file, function, expression string) string {
	return fmt.Sprintf("%s in %s of %s", expression, function, file)
}

// dependencies compares the modules of each artifact, over all systems that it
// is built for.
func dependencies(ctx context.Context, s *Subject, r *report) error {
	found := map[string]model.Pos{}
	for _, artifact := range s.Case.Dependencies.Artifacts {
		for _, goos := range artifact.Systems {
			modules, err := repo.Dependencies(ctx, s.Tree, artifact.Package, goos)
			if err != nil {
				return err
			}
			for _, m := range modules {
				found[moduleKey(m.Path, m.Version, artifact.ID)] = artifact.Pos
			}
		}
	}
	type entry struct {
		model.Module
		artifact string
	}
	var entries []entry
	for _, m := range s.Case.Dependencies.Modules {
		for _, a := range m.Artifacts {
			entries = append(entries, entry{m, a.Text})
		}
	}
	bothWays(r, entries, found, func(e entry) (string, model.Pos) {
		return moduleKey(e.Path, e.Version, e.artifact), e.Pos
	}, register("dependencies"), "dependency")
	return nil
}

func moduleKey(path, version, artifact string) string {
	return fmt.Sprintf("%s %s of %s", path, version, artifact)
}

func fuzz(_ context.Context, s *Subject, r *report) error {
	found := map[string]model.Pos{}
	for name, test := range s.Sources.Tests {
		if test.Fuzz {
			found[name] = at(test.Place)
		}
	}
	bothWays(r, s.Case.Fuzz, found, func(f model.FuzzTarget) (string, model.Pos) {
		return f.Target, f.Pos
	}, register("fuzz"), "fuzz target")
	return nil
}

// syscalls compares the functions through which the library reaches each
// system.
func syscalls(ctx context.Context, s *Subject, r *report) error {
	found := map[string]model.Pos{}
	for _, goos := range repo.Systems {
		calls, err := repo.Calls(ctx, s.Tree, goos)
		if err != nil {
			return err
		}
		for _, call := range calls {
			found[call+" on "+goos] = model.Pos{File: register("syscalls"), Line: 1}
		}
	}
	type entry struct {
		model.Syscall
		goos string
	}
	var entries []entry
	for _, call := range s.Case.Syscalls {
		for _, goos := range call.Systems {
			entries = append(entries, entry{call, goos})
		}
	}
	bothWays(r, entries, found, func(e entry) (string, model.Pos) {
		return e.Call + " on " + e.goos, e.Pos
	}, register("syscalls"), "call")
	return nil
}

func tools(_ context.Context, s *Subject, r *report) error {
	all, err := repo.Tools(s.Tree)
	if err != nil {
		return err
	}
	found := map[string]model.Pos{}
	for _, tool := range all {
		found[toolKey(tool.Name, tool.Version, tool.File)] = at(tool.Place)
	}
	bothWays(r, s.Case.Tools, found, func(t model.Tool) (string, model.Pos) {
		return toolKey(t.Name, t.Version, t.PinnedIn), t.Pos
	}, register("tools"), "tool")
	return nil
}

func toolKey(name, version, file string) string {
	return fmt.Sprintf("%s %s in %s", name, version, file)
}

// MutantNames lists the mutants there are.
func (s *Subject) MutantNames() []string { return slices.Sorted(maps.Keys(s.Mutants)) }
