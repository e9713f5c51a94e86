package conformance

import (
	"bytes"
	"os"
	"testing"
)

func TestRegisterIsUpToDate(t *testing.T) {
	var want bytes.Buffer
	if err := WriteRegister(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("CASES.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("CASES.md is not the list of the cases; run: go run ./conformance/cmd/mmapguard-conformance --list > conformance/CASES.md")
	}
}
