package plan

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../../.."

func TestWhatIsReleasedIsThere(t *testing.T) {
	p, err := Read(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range p.Modules {
		mod, err := os.ReadFile(filepath.Join(root, module, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		if want := "module " + Repository + "/" + module + "\n"; !strings.HasPrefix(string(mod), want) {
			t.Errorf("%s/go.mod does not begin with %q", module, want)
		}
	}
	for i := range p.Commands {
		c := &p.Commands[i]
		if !slices.Contains(p.Modules, c.Module) {
			t.Errorf("the command %s is of %s, which is not published", c.Name, c.Module)
		}
		if _, err := os.Stat(filepath.Join(root, c.Module, c.Main)); err != nil {
			t.Error(err)
		}
		if len(c.Targets) == 0 {
			t.Errorf("%s is built for no system", c.Name)
		}
	}
}

// A command that is forgotten here would be in no release.
func TestEveryCommandOfAPublishedModuleIsReleased(t *testing.T) {
	p, err := Read(root)
	if err != nil {
		t.Fatal(err)
	}
	released := map[string]bool{}
	for _, c := range p.Commands {
		released[filepath.Join(c.Module, c.Main)] = true
	}
	found, err := filepath.Glob(filepath.Join(root, "tools", "cmd", "*", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("there is no command at all in tools/cmd")
	}
	for _, main := range found {
		folder, err := filepath.Rel(root, filepath.Dir(main))
		if err != nil {
			t.Fatal(err)
		}
		if !released[folder] {
			t.Errorf("%s is not in .goreleaser.yaml", folder)
		}
	}
}

// Each module requires only those that are published before it.
func TestTheOrderOfPublicationIsThatOfRequirements(t *testing.T) {
	p, err := Read(root)
	if err != nil {
		t.Fatal(err)
	}
	for i, module := range p.Modules {
		mod, err := os.ReadFile(filepath.Join(root, module, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		for _, later := range p.Modules[i+1:] {
			if strings.Contains(string(mod), Repository+"/"+later+" v") {
				t.Errorf("%s requires %s, which is published after it", module, later)
			}
		}
	}
}
