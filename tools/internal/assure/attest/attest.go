// Package attest makes an in-toto statement of verdicts: a test result about a
// commit and about the files that were built from it, ready to be signed. The
// same input gives the same bytes, so that the statement's digest can itself be
// the subject of a release.
package attest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	testresult "github.com/in-toto/attestation/go/predicates/test_result/v0"
	intoto "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/mmapguard/go/tools/internal/assure/verify"
)

// PredicateType is that of in-toto's test results.
const PredicateType = "https://in-toto.io/attestation/test-result/v0.1"

// The results that the predicate knows.
const (
	resultPassed = "PASSED"
	resultFailed = "FAILED"
)

// Input is what a statement is made of.
type Input struct {
	Verdicts []string // files that assure verify wrote
	Subjects []string // files that were built from the commit
	VEX      string   // an OpenVEX document, as govulncheck writes it; "" for none
}

// errNoVerdicts, errCommits: there is nothing one statement could be about.
var (
	errNoVerdicts = errors.New("no verdicts to attest: run assure verify first")
	errModified   = errors.New("the verdicts are of a working copy with changes, which no commit names: commit, and run assure verify again")
)

// Statement makes the statement, in JSON.
func Statement(in Input) ([]byte, error) {
	commit, verdicts, err := read(in.Verdicts)
	if err != nil {
		return nil, err
	}
	result := &testresult.TestResult{Result: resultPassed}
	for i, v := range verdicts {
		descriptor, err := describe(in.Verdicts[i], "application/json")
		if err != nil {
			return nil, err
		}
		result.Configuration = append(result.Configuration, descriptor)
		add(result, v)
	}
	if in.VEX != "" {
		vex, err := vex(in.VEX)
		if err != nil {
			return nil, err
		}
		result.Configuration = append(result.Configuration, vex)
	}
	if len(result.FailedTests) > 0 {
		result.Result = resultFailed
	}
	subjects, err := subjects(commit, in.Subjects)
	if err != nil {
		return nil, err
	}
	return encode(subjects, result)
}

// read reads the verdicts, which have to be about one commit.
func read(files []string) (commit string, verdicts []*verify.Verdicts, err error) {
	for _, file := range files {
		v, err := verify.ReadVerdicts(file)
		if err != nil {
			return "", nil, err
		}
		switch {
		case v.Modified || v.Commit == "":
			return "", nil, fmt.Errorf("%s: %w", file, errModified)
		case commit != "" && commit != v.Commit:
			return "", nil, fmt.Errorf("%s is about commit %s, and the verdicts before about %s: verify both at one", file, v.Commit, commit)
		}
		commit = v.Commit
		verdicts = append(verdicts, v)
	}
	if len(verdicts) == 0 {
		return "", nil, errNoVerdicts
	}
	return commit, verdicts, nil
}

// add names each countermeasure on its platform: what means something elsewhere
// alone is a warning, neither passed nor failed.
func add(result *testresult.TestResult, v *verify.Verdicts) {
	for _, c := range v.Countermeasures {
		name := fmt.Sprintf("%s on %s/%s", c.ID, v.Platform.OS, v.Platform.Arch)
		switch c.State {
		case verify.Proven:
			result.PassedTests = append(result.PassedTests, name)
		case verify.NotHere:
			result.WarnedTests = append(result.WarnedTests, name)
		case verify.Unsupported, verify.Unknown:
			result.FailedTests = append(result.FailedTests, name)
		}
	}
	for _, problem := range v.Problems() {
		name := fmt.Sprintf("%s (%s/%s)", problem, v.Platform.OS, v.Platform.Arch)
		result.FailedTests = append(result.FailedTests, name)
	}
}

// subjects are the commit and the files.
func subjects(commit string, files []string) ([]*intoto.ResourceDescriptor, error) {
	all := []*intoto.ResourceDescriptor{{
		Name: "github.com/mmapguard/go", Digest: map[string]string{"gitCommit": commit},
	}}
	for _, file := range files {
		descriptor, err := describe(file, "")
		if err != nil {
			return nil, err
		}
		all = append(all, descriptor)
	}
	return all, nil
}

// describe names a file by its digest.
func describe(file, mediaType string) (*intoto.ResourceDescriptor, error) {
	content, err := os.ReadFile(file) // #nosec G304 -- the file that the caller names
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	return &intoto.ResourceDescriptor{
		Name: filepath.Base(file), MediaType: mediaType,
		Digest: map[string]string{"sha256": hex.EncodeToString(sum[:])},
	}, nil
}

// vex takes the whole document in: it says which known vulnerabilities of the
// dependencies affect what was tested, and which do not.
func vex(file string) (*intoto.ResourceDescriptor, error) {
	d, err := describe(file, "application/vnd.openvex+json")
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(file) // #nosec G304 -- as above
	if err != nil {
		return nil, err
	}
	var document struct {
		Context    string `json:"@context"`
		Statements []any  `json:"statements"`
	}
	if err := json.Unmarshal(content, &document); err != nil || !strings.Contains(document.Context, "openvex") {
		return nil, fmt.Errorf("%s is no OpenVEX document: %w", file, errors.Join(err, errors.New("@context is "+document.Context)))
	}
	d.Content = content
	annotations, err := structpb.NewStruct(map[string]any{"statements": float64(len(document.Statements))})
	d.Annotations = annotations
	return d, err
}

// encode validates the statement and writes it in one form: the encoder of
// protocol buffers varies its spaces on purpose.
func encode(subjects []*intoto.ResourceDescriptor, result *testresult.TestResult) ([]byte, error) {
	for _, list := range [][]string{result.PassedTests, result.WarnedTests, result.FailedTests} {
		slices.Sort(list)
	}
	predicate, err := asStruct(result)
	if err != nil {
		return nil, err
	}
	statement := &intoto.Statement{
		Type: intoto.StatementTypeUri, Subject: subjects, PredicateType: PredicateType, Predicate: predicate,
	}
	if err := statement.Validate(); err != nil {
		return nil, fmt.Errorf("statement: %w", err)
	}
	text, err := protojson.Marshal(statement)
	if err != nil {
		return nil, err
	}
	return canonical(text)
}

func asStruct(m proto.Message) (*structpb.Struct, error) {
	text, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	s := &structpb.Struct{}
	return s, protojson.Unmarshal(text, s)
}

// canonical sorts the keys, and leaves no space to chance.
func canonical(text []byte) ([]byte, error) {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return b.Bytes(), err
}
