package cli

import (
	"os"
	"testing"
)

func TestDoctor(t *testing.T) {
	dir := t.TempDir()
	run(t, "doctor", dir).want(t, 0, " is on ", "\nCooperative  flock ", "\nadvisory locks  yes", "\npage size")
	report := decode[struct {
		Directory, FileSystem string
		Offers                []struct {
			Mechanism, Cost, Reason string
			Available               bool
		}
		BuildingBlocks []struct {
			Name, Detail string
			Available    bool
		}
	}](t, run(t, "doctor", "--json", dir))
	if report.Directory != dir || report.FileSystem == "" || len(report.Offers) != len(rungs()) {
		t.Errorf("doctor --json gives %+v", report)
	}
	for _, o := range report.Offers {
		if o.Available == (o.Reason != "") || o.Cost == "" {
			t.Errorf("mechanism %+v", o)
		}
	}
	for _, b := range report.BuildingBlocks {
		if !b.Available && b.Detail == "" {
			t.Errorf("%s: no, without a reason", b.Name)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("doctor leaves %v, %v", left, err)
	}
	run(t, "doctor", file(t, "")).want(t, 1, "!mmapguard: doctor: ")
}
