// Package plugin makes guardvet a plugin of golangci-lint, by its module plugin
// system. The .custom-gcl.yml of a project names it:
//
//	version: v2.15.0
//	plugins:
//	  - module: github.com/mmapguard/go/tools
//	    import: github.com/mmapguard/go/tools/guardvet/plugin
//	    version: v0.1.0
//
// and its .golangci.yml switches it on:
//
//	linters:
//	  enable: [guardvet]
//	  settings:
//	    custom:
//	      guardvet:
//	        type: module
//	        settings:
//	          boundary: [example.com/app/internal/boundary]
package plugin

import (
	"fmt"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/mmapguard/go/tools/guardvet"
)

// Settings are what a project's configuration can set.
type Settings struct {
	// Boundary lists the packages that may import unsafe.
	Boundary []string `json:"boundary"`
	// Disable lists analyzers that are left out.
	Disable []string `json:"disable"`
}

func init() { //nolint:gochecknoinits // a plugin has no other way to make itself known
	register.Plugin("guardvet", New)
}

// New makes the plugin from its settings. Unknown settings and unknown names of
// analyzers are errors.
func New(settings any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](settings)
	if err != nil {
		return nil, fmt.Errorf("guardvet: settings: %w", err)
	}
	return &plugin{s}, nil
}

type plugin struct{ settings Settings }

// BuildAnalyzers returns the analyzers that are not disabled.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	disabled := map[string]bool{}
	for _, name := range p.settings.Disable {
		disabled[name] = true
	}
	var enabled []*analysis.Analyzer
	for _, a := range guardvet.Analyzers() {
		if !disabled[a.Name] {
			enabled = append(enabled, a)
		}
		delete(disabled, a.Name)
	}
	for name := range disabled {
		return nil, fmt.Errorf("guardvet: disable: there is no analyzer %q", name)
	}
	boundary := strings.Join(p.settings.Boundary, ",")
	if err := guardvet.Boundary.Flags.Set("packages", boundary); err != nil {
		return nil, fmt.Errorf("guardvet: boundary: %w", err)
	}
	return enabled, nil
}

// GetLoadMode asks for types, which the analyzers need.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
