package cli

import (
	"os"
	"path/filepath"
	"testing"
)

const sumOfABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

// sumJSON is what the tests read of a report.
type sumJSON struct {
	Digest string
	OK     *bool
	Error  *failure
}

func TestSum(t *testing.T) {
	name := file(t, "abc")
	if r := run(t, "sum", name); r.out != sumLine(sumOfABC, name)+"\n" || r.code != 0 {
		t.Errorf("sum gives %+v", r)
	}
	reports := decode[[]sumJSON](t, run(t, "sum", "--json", name, name+"x"))
	if len(reports) != 2 || reports[0].Digest != sumOfABC || reports[0].Error != nil || reports[1].Digest != "" || reports[1].Error == nil {
		t.Errorf("sum --json gives %+v", reports)
	}
	for _, a := range algorithms {
		run(t, "sum", "--algo", a.Name, name).want(t, 0, escapeName.Replace(name))
	}
}

func TestSumCheck(t *testing.T) {
	name := file(t, "abc")
	list := func(digest string) string {
		path := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(path, []byte(sumLine(digest, name)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, bad := list(sumOfABC), list("00"+sumOfABC[2:])
	shown := escapeName.Replace(name)
	run(t, "sum", "--check", good).want(t, 0, shown+": OK\n")
	run(t, "sum", "--check", good, bad).want(t, 1, shown+": OK\n", shown+": FAILED\n", "!checksum does not match")
	run(t, "sum", "--check", name).want(t, 1, "!"+name+":1: not a line of checksum and name")
	run(t, "sum", "--check", name+"x").want(t, 1)
	reports := decode[[]sumJSON](t, run(t, "sum", "--json", "--check", good, bad))
	if len(reports) != 2 || !*reports[0].OK || *reports[1].OK {
		t.Errorf("sum --json --check gives %+v", reports)
	}
	// A file that cannot be read keeps its own exit code.
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
	run(t, "sum", "--check", good).want(t, 8, shown+": FAILED\n", "!it is a directory")
}

// What is printed can be read again, for names that would break a line too.
func TestSumLine(t *testing.T) {
	for _, name := range []string{"a", " a", "a b", `a\b`, "a\nb", "a\r", `\n`, `a\\nb`, "*"} {
		line := sumLine(sumOfABC, name)
		digest, back, ok := parseSumLine(line, 32)
		if !ok || digest != sumOfABC || back != name {
			t.Errorf("%q is printed as %q and read as %q %q %v", name, line, digest, back, ok)
		}
	}
	for _, line := range []string{"", "x", sumOfABC, sumOfABC + " ", sumOfABC + "  ", sumOfABC + " ab", sumOfABC[2:] + "  a", "zz" + sumOfABC[2:] + "  a"} {
		if _, name, ok := parseSumLine(line, 32); ok {
			t.Errorf("%q is read as the sum of %q", line, name)
		}
	}
}
