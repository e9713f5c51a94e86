package attest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	testresult "github.com/in-toto/attestation/go/predicates/test_result/v0"
	intoto "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/mmapguard/go/tools/internal/assure/verify"
)

const commit = "0123456789abcdef0123456789abcdef01234567"

// verdicts writes a file of verdicts on one proven countermeasure, changed by a
// function.
func verdicts(t *testing.T, change func(*verify.Verdicts)) string {
	t.Helper()
	v := &verify.Verdicts{
		Schema: verify.VerdictSchema, Commit: commit, Platform: verify.Machine{OS: "linux", Arch: "amd64"},
		Countermeasures: []verify.CountermeasureVerdict{{ID: "CM-b", State: verify.Proven}, {ID: "CM-a", State: verify.Proven}, {ID: "CM-c", State: verify.NotHere}},
	}
	if change != nil {
		change(v)
	}
	file := filepath.Join(t.TempDir(), "verdicts.json")
	if err := v.Write(file); err != nil {
		t.Fatal(err)
	}
	return file
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// read takes a statement apart by in-toto's own types.
func readStatement(t *testing.T, text []byte) (*intoto.Statement, *testresult.TestResult) {
	t.Helper()
	statement, result := &intoto.Statement{}, &testresult.TestResult{}
	if err := protojson.Unmarshal(text, statement); err != nil {
		t.Fatal(err)
	}
	if err := statement.Validate(); err != nil {
		t.Fatal(err)
	}
	predicate, err := statement.Predicate.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := protojson.Unmarshal(predicate, result); err != nil {
		t.Fatal(err)
	}
	return statement, result
}

func TestStatement(t *testing.T) {
	vex := file(t, "vex.json", `{"@context": "https://openvex.dev/ns/v0.2.0", "statements": [{}]}`)
	in := Input{Verdicts: []string{verdicts(t, nil)}, Subjects: []string{file(t, "a.tar.gz", "a")}, VEX: vex}
	text, err := Statement(in)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Statement(in)
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("the same verdicts give\n%s\nand\n%s, %v", text, again, err)
	}
	statement, result := readStatement(t, text)
	if statement.PredicateType != PredicateType || statement.Subject[0].Digest["gitCommit"] != commit {
		t.Errorf("%s is about %v", statement.PredicateType, statement.Subject)
	}
	// The digest is that of sha256sum for a file that holds an "a".
	if a := statement.Subject[1]; a.Name != "a.tar.gz" || a.Digest["sha256"] != "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb" {
		t.Errorf("the second subject is %v", a)
	}
	if result.Result != "PASSED" || strings.Join(result.PassedTests, ",") != "CM-a on linux/amd64,CM-b on linux/amd64" || strings.Join(result.WarnedTests, ",") != "CM-c on linux/amd64" {
		t.Errorf("the result is %v", result)
	}
	last := result.Configuration[len(result.Configuration)-1]
	if content, err := os.ReadFile(vex); err != nil || !bytes.Equal(last.Content, content) || last.MediaType != "application/vnd.openvex+json" {
		t.Errorf("the VEX document is %v, %v", last, err)
	}
}

func TestStatementOfWhatDoesNotHold(t *testing.T) {
	text, err := Statement(Input{Verdicts: []string{verdicts(t, func(v *verify.Verdicts) {
		v.Countermeasures[0].State = verify.Unsupported
		v.Countermeasures[0].Problems = []string{"it is vacuous"}
	})}})
	if err != nil {
		t.Fatal(err)
	}
	_, result := readStatement(t, text)
	if result.Result != "FAILED" || strings.Join(result.FailedTests, ",") != "CM-b on linux/amd64,it is vacuous (linux/amd64)" {
		t.Errorf("the result is %v", result)
	}
}

func TestStatementRefuses(t *testing.T) {
	good := verdicts(t, nil)
	for name, tt := range map[string]struct {
		in   Input
		want string
	}{
		"no verdicts":   {Input{}, "run assure verify first"},
		"changes":       {Input{Verdicts: []string{verdicts(t, func(v *verify.Verdicts) { v.Modified = true })}}, "commit, and run assure verify again"},
		"two commits":   {Input{Verdicts: []string{good, verdicts(t, func(v *verify.Verdicts) { v.Commit = "f" })}}, "verify both at one"},
		"no such file":  {Input{Verdicts: []string{good}, Subjects: []string{"missing"}}, "missing"},
		"not a VEX":     {Input{Verdicts: []string{good}, VEX: file(t, "vex.json", `{"@context": "other"}`)}, "is no OpenVEX document"},
		"not even JSON": {Input{Verdicts: []string{good}, VEX: file(t, "vex.json", `{`)}, "is no OpenVEX document"},
	} {
		t.Run(name, func(t *testing.T) {
			if text, err := Statement(tt.in); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %s, %v; want an error with %q", text, err, tt.want)
			}
		})
	}
}

// TestStatementIsCanonical: keys are sorted, and there is one line.
func TestStatementIsCanonical(t *testing.T) {
	text, err := Statement(Input{Verdicts: []string{verdicts(t, nil)}})
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(value)
	if err != nil || string(text) != string(want)+"\n" {
		t.Errorf("got %s, want %s", text, want)
	}
}
