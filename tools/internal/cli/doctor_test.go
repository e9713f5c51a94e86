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
	offered := map[string]bool{}
	for _, o := range report.Offers {
		offered[o.Mechanism] = o.Available
		if o.Available == (o.Reason != "") || o.Cost == "" {
			t.Errorf("mechanism %+v", o)
		}
	}
	for _, b := range report.BuildingBlocks {
		if !b.Available && b.Detail == "" {
			t.Errorf("%s: no, without a reason", b.Name)
		}
		// Two probes of the same facility, by the library and by the command.
		if available, both := offered[b.Name]; both && b.Name != "fs-verity" && available != b.Available {
			t.Errorf("%s: the library says %v, its building block %v", b.Name, available, b.Available)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("doctor leaves %v, %v", left, err)
	}
	run(t, "doctor", file(t, "")).want(t, 1, "!mmapguard: doctor: ")
}
