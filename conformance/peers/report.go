package peers

import (
	"debug/buildinfo"
	"fmt"
	"runtime"
)

// Report is a whole comparison.
type Report struct {
	System   System        `json:"system"`
	Peers    []VersionPeer `json:"peers"`
	Hazards  []Hazard      `json:"hazards"`
	Outcomes []Outcome     `json:"outcomes"`
}

// System is where the comparison ran.
type System struct {
	OS     string `json:"os"`
	Arch   string `json:"arch"`
	Kernel string `json:"kernel,omitempty"`
	Go     string `json:"go"`
}

// VersionPeer is a peer in the version that was built in.
type VersionPeer struct {
	Peer
	Version string `json:"version"`
}

// newReport reads the peers' versions from the program that holds them.
func newReport(program string) (*Report, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, fmt.Errorf("asking for the peers' versions: %w", err)
	}
	versions := map[string]string{}
	for _, dep := range info.Deps {
		versions[dep.Path] = dep.Version
		if dep.Replace != nil {
			versions[dep.Path] = "of this repository"
		}
	}
	r := &Report{
		System:  System{runtime.GOOS, runtime.GOARCH, kernelRelease(), info.GoVersion},
		Hazards: Hazards(),
	}
	for _, p := range Peers() {
		version := info.GoVersion
		if p.Module != "" {
			version = versions[p.Module]
		}
		r.Peers = append(r.Peers, VersionPeer{p, version})
	}
	return r, nil
}

// Of is one cell of the table.
func (r *Report) Of(hazard, peer string) (Outcome, bool) {
	for _, o := range r.Outcomes {
		if o.Hazard == hazard && o.Peer == peer {
			return o, true
		}
	}
	return Outcome{}, false
}
