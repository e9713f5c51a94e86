// Command rehearsal does what the release workflow's generator and its last job
// do, on one machine and without a network: it makes the provenance of the files
// in a directory, signs it in a virtual Sigstore, and has the real slsa-verifier
// accept it, and reject every forgery of it. A command that follows the flags is
// run in between, with the verifier in MMAPGUARD_VERIFIER.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmapguard/go/release/rehearsal/internal/provenance"
)

func main() {
	if err := command(); err != nil {
		fmt.Fprintln(os.Stderr, "rehearsal:", err)
		os.Exit(1)
	}
}

func command() error {
	var r rehearsal
	flag.StringVar(&r.dist, "dist", "dist", "`directory` of the files to release")
	flag.StringVar(&r.work, "work", ".cache/release", "`directory` to work in; it is kept")
	flag.StringVar(&r.module, "module", "release/rehearsal", "`directory` of this program's module")
	flag.StringVar(&r.run.Repository, "repository", "mmapguard/go", "`owner/name` of the repository")
	flag.StringVar(&r.run.Tag, "tag", "mmapguard/v0.1.0", "`tag` that is released")
	flag.StringVar(&r.run.Commit, "commit", "", "`SHA-1` that the tag names")
	flag.BoolVar(&r.accept, "accept", false, "stop when the genuine release is accepted")
	flag.Parse()
	r.then = flag.Args()
	if len(r.run.Commit) != 40 {
		return fmt.Errorf("-commit %q is not a SHA-1 in hexadecimal", r.run.Commit)
	}
	r.run.ID = "1"
	for _, dir := range []*string{&r.dist, &r.work, &r.module} {
		absolute, err := filepath.Abs(*dir)
		if err != nil {
			return err
		}
		*dir = absolute
	}
	return r.play(context.Background())
}

// rehearsal is one run of this program.
type rehearsal struct {
	dist, work, module string
	accept             bool
	then               []string // what to run when the genuine release is accepted
	run                provenance.Run
}
