package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version tells what is running.
type version struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	// Confinement is what restricts cat, sum and stat here.
	Confinement string `json:"confinement,omitempty"`
	// ChangeConfinement is what restricts doctor and demo here.
	ChangeConfinement string `json:"changeConfinement,omitempty"`
}

// thisVersion is what the linker recorded: the module's version in an installed
// command, "(devel)" and the commit in one built from a checkout.
func thisVersion() version {
	v := version{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Version = info.Main.Version
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			v.Revision = setting.Value
		}
	}
	return v
}

func (v version) String() string {
	s := "mmapguard " + v.Version
	if v.Revision != "" {
		s += " (" + v.Revision + ")"
	}
	return fmt.Sprintf("%s %s %s", s, v.Go, v.Platform)
}

func (s *session) printVersion() error {
	v := thisVersion()
	v.Confinement, v.ChangeConfinement = s.confinement(), s.changeConfinement()
	if s.json {
		return s.writeJSON(v)
	}
	return s.printf("%v\ncat, sum and stat are %s\ndoctor and demo work in one directory; %s\n", v, v.Confinement, v.ChangeConfinement)
}
