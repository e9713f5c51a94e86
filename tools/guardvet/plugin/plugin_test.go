package plugin_test

import (
	"path/filepath"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/mmapguard/go/tools/guardvet"
	_ "github.com/mmapguard/go/tools/guardvet/plugin"
)

// build does what golangci-lint does with a plugin.
func build(t *testing.T, settings any) ([]*analysis.Analyzer, error) {
	t.Helper()
	newPlugin, err := register.GetPlugin("guardvet")
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlugin(settings)
	if err != nil {
		return nil, err
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("the load mode is %q", mode)
	}
	return p.BuildAnalyzers()
}

func TestPluginRuns(t *testing.T) {
	analyzers, err := build(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(analyzers) != len(guardvet.Analyzers()) {
		t.Fatalf("%d analyzers, want %d", len(analyzers), len(guardvet.Analyzers()))
	}
	if err := analysis.Validate(analyzers); err != nil {
		t.Fatal(err)
	}
	testdata, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range analyzers {
		if a.Name == "lentprint" {
			analysistest.Run(t, testdata, a, "lentprint")
		}
	}
}

func TestSettings(t *testing.T) {
	analyzers, err := build(t, map[string]any{"disable": []string{"neverclosed"}, "boundary": []string{"a", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(analyzers) != len(guardvet.Analyzers())-1 {
		t.Errorf("%d analyzers", len(analyzers))
	}
	for _, a := range analyzers {
		switch a.Name {
		case "neverclosed":
			t.Error("neverclosed is there")
		case "boundary":
			if got := a.Flags.Lookup("packages").Value.String(); got != "a,b" {
				t.Errorf("the boundary is %q", got)
			}
		}
	}
}

func TestWrongSettings(t *testing.T) {
	for name, settings := range map[string]map[string]any{
		"an unknown analyzer": {"disable": []string{"nonsense"}},
		"an unknown setting":  {"nonsense": 1},
	} {
		if _, err := build(t, settings); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
