// Package audit tests that the look for vulnerabilities would find one: on a
// module that is vulnerable by a database, both made for the test.
package audit

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

const (
	script  = "../../../tools/audit/vulnerabilities"
	planted = "example.com/vulnerable"

	// The exit code of govulncheck for a vulnerability that a call can reach.
	affected = 3
)

// The files of a database in its first version: https://go.dev/security/vuln/database
var database = map[string]string{
	"index/db.json":      `{"modified":"2026-01-01T00:00:00Z"}`,
	"index/modules.json": `[{"path":"` + planted + `","vulns":[{"id":"GO-2026-0001","modified":"2026-01-01T00:00:00Z","fixed":"1.0.1"}]}]`,
	"index/vulns.json":   `[{"id":"GO-2026-0001","modified":"2026-01-01T00:00:00Z"}]`,
	"ID/GO-2026-0001.json": `{"schema_version":"1.3.1","id":"GO-2026-0001","modified":"2026-01-01T00:00:00Z","published":"2026-01-01T00:00:00Z",
		"summary":"planted","details":"planted",
		"affected":[{"package":{"name":"` + planted + `","ecosystem":"Go"},
			"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.1"}]}],
			"ecosystem_specific":{"imports":[{"path":"` + planted + `","symbols":["Broken"]}]}}],
		"database_specific":{"url":"https://pkg.go.dev/vuln/GO-2026-0001"}}`,
}

func TestAReachableVulnerabilityIsFound(t *testing.T) {
	snapshot := written(t, database)
	calls := user(t, "v1.0.0", "vulnerable.Broken()")
	for name, c := range map[string]struct {
		dir, database string
		args          []string
		code          int
		want          string
	}{
		"a call, in text":                 {calls, snapshot, nil, affected, "GO-2026-0001"},
		"a call, by a packed database":    {calls, packed(t, snapshot), nil, affected, "GO-2026-0001"},
		"a call, in OpenVEX":              {calls, snapshot, []string{"-format", "openvex"}, 0, `"status": "affected"`},
		"another function is called":      {user(t, "v1.0.0", "vulnerable.Sound()"), snapshot, nil, 0, "affected by 0 vulnerabilities"},
		"the version is fixed":            {user(t, "v1.0.1", "vulnerable.Broken()"), snapshot, nil, 0, "No vulnerabilities found"},
		"what is no database is an error": {calls, t.TempDir(), nil, 1, "no vulnerability database"},
	} {
		t.Run(name, func(t *testing.T) {
			code, said := run(t, c.dir, c.database, append(c.args, "./..."))
			if code != c.code || !strings.Contains(said, c.want) {
				t.Errorf("exit code %d, and not %d with %q:\n%s", code, c.code, c.want, said)
			}
		})
	}
}

func run(t *testing.T, dir, database string, args []string) (code int, said string) {
	t.Helper()
	cmd := exec.Command(script, append([]string{dir}, args...)...)
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=vendor", "MMAPGUARD_VULNDB="+database)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), string(out)
	}
	if err != nil {
		t.Skipf("the look for vulnerabilities cannot be run here: %v", err)
	}
	return 0, string(out)
}

// user makes a module that requires the planted one, and runs a statement of it.
func user(t *testing.T, version, statement string) string {
	t.Helper()
	dir := written(t, map[string]string{
		"go.mod":  "module example.com/user\n\ngo 1.25.0\n\nrequire " + planted + " " + version + "\n",
		"main.go": "package main\n\nimport vulnerable \"" + planted + "\"\n\nfunc main() { " + statement + " }\n",
	})
	// A module cache of its own, and a copy in the user's folder: the planted module
	// must not stay on the machine.
	cmd := exec.Command("sh", "-c", "go mod tidy && go mod vendor")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod -modcacherw", "GOSUMDB=off",
		"GOPROXY=file://"+published(t, version), "GOMODCACHE="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// published is a module proxy with a version of the planted module.
func published(t *testing.T, version string) string {
	t.Helper()
	source := written(t, map[string]string{
		"go.mod": "module " + planted + "\n\ngo 1.25.0\n",
		"v.go":   "package vulnerable\n\nfunc Broken() {}\n\nfunc Sound() {}\n",
	})
	proxy := t.TempDir()
	dir := filepath.Join(proxy, planted, "@v")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(dir, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(zip.CreateFromDir(file, module.Version{Path: planted, Version: version}, source), file.Close()); err != nil {
		t.Fatal(err)
	}
	for ending, text := range map[string]string{
		".info": `{"Version":"` + version + `","Time":"2026-01-01T00:00:00Z"}`,
		".mod":  "module " + planted + "\n\ngo 1.25.0\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, version+ending), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return proxy
}

func written(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o750), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// packed is a .tgz of dir, in a folder as snapshots have it.
func packed(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "database.tgz")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	shrink := gzip.NewWriter(file)
	archive := tar.NewWriter(shrink)
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		header := &tar.Header{Name: "vulndb/" + filepath.ToSlash(inside), Mode: 0o600, Size: int64(len(data))}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		_, err = archive.Write(data)
		return err
	})
	if err := errors.Join(err, archive.Close(), shrink.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	return name
}
