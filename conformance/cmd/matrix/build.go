package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// tools is what the rows are run with.
type tools struct {
	root    string // of the repository
	dir     string // for temporary files
	lab     string // the laboratory's command; empty if there is none
	noLab   string // why there is none
	content string // a directory with files to read
	offers  map[string]offer
	// build builds the suite for a row, and returns its file.
	build func(context.Context, row) (string, error)
}

// offer is a line of `lab list`.
type offer struct {
	Command   string `json:"command"`
	Name      string `json:"name"`
	Available bool   `json:"available"`
	Reason    string `json:"reason"`
}

// prepare builds the laboratory and asks it what there is.
func prepare(ctx context.Context, dir string) (*tools, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	t := &tools{root: root, dir: dir, lab: filepath.Join(dir, "lab"), content: filepath.Join(dir, "content")}
	t.build = t.suite
	if err := t.makeContent(); err != nil {
		return nil, err
	}
	if err := t.compile(ctx, target{}, t.lab, "./conformance/lab/cmd/lab"); err != nil {
		t.noLab = err.Error() // it is for Linux alone
		return t, nil         //nolint:nilerr // the row is listed with the reason
	}
	out, err := exec.CommandContext(ctx, t.lab, "list", "--json").Output() // #nosec G204 -- built above
	if err != nil {
		return nil, fmt.Errorf("lab list: %w", err)
	}
	var list []offer
	if err := json.Unmarshal(out, &list); err != nil {
		return nil, fmt.Errorf("lab list: %w", err)
	}
	t.offers = map[string]offer{}
	for _, o := range list {
		t.offers[o.Command+" "+o.Name] = o
	}
	return t, nil
}

// contentSizes are in bytes: less than a page, whole pages, and more than is
// read ahead at once.
var contentSizes = []int{1, 4095, 8192, 262_267}

func (t *tools) makeContent() error {
	if err := os.Mkdir(t.content, 0o755); err != nil { // #nosec G301 -- for anyone to read
		return err
	}
	for _, n := range contentSizes {
		name := filepath.Join(t.content, fmt.Sprintf("%d.bin", n))
		if err := os.WriteFile(name, bytesFor(n), 0o644); err != nil { // #nosec G306 -- the same
			return err
		}
	}
	return nil
}

// bytesFor makes bytes in which no two pages are the same.
func bytesFor(n int) []byte {
	var b []byte
	for sum := sha256.Sum256(nil); len(b) < n; sum = sha256.Sum256(sum[:]) {
		b = append(b, sum[:]...)
	}
	return b[:n]
}

// missing is the reason why a row cannot be run here, or empty.
func (t *tools) missing(r row) string {
	switch {
	case r.command == "" && r.goos != "windows":
		return ""
	case r.goos == "windows":
		if _, err := exec.LookPath("wine"); err != nil {
			return err.Error()
		}
		return ""
	case t.noLab != "":
		return "no laboratory: " + t.noLab
	}
	o, known := t.offers[r.command+" "+r.offer]
	switch {
	case !known:
		return "the laboratory does not know it"
	case !o.Available:
		return o.Reason
	}
	return ""
}

// suite builds the suite for a row, and returns its file.
func (t *tools) suite(ctx context.Context, r row) (string, error) {
	name := filepath.Join(t.dir, strings.Join([]string{"suite", r.goos, r.goarch, r.toolchain}, "-"))
	if r.goos == "windows" {
		name += ".exe"
	}
	return name, t.compile(ctx, r.target, name, "./conformance/cmd/mmapguard-conformance")
}

func (t *tools) compile(ctx context.Context, to target, out, pkg string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", out, pkg) // #nosec G204 -- from the tables here
	cmd.Dir = t.root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+to.goos, "GOARCH="+to.goarch)
	if to.toolchain != "" {
		cmd.Env = append(cmd.Env, "GOTOOLCHAIN="+to.toolchain)
	}
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s for %s/%s: %w: %s", pkg, to.goos, to.goarch, err, said)
	}
	return nil
}
