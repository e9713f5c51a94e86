package main

import (
	"encoding/json"
	"strings"
	"testing"
)

const document = `{"author":"Unknown Author","timestamp":"2026-01-02T03:04:05Z","statements":[
	{"vulnerability":{"name":"GO-2020-0001"},"status":"affected","products":[{"@id":"Unknown Product","subcomponents":[{"@id":"pkg:golang/a@v1"}]}]}]}`

func TestADocumentNamesItsProductAndTheTimeOfTheCommit(t *testing.T) {
	var out strings.Builder
	if err := convert(strings.NewReader(document), &out, "pkg:golang/p@v1", "0"); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Author, Timestamp string
		Statements        []struct {
			Status   string
			Products []struct {
				ID            string `json:"@id"`
				Subcomponents []struct {
					ID string `json:"@id"`
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Timestamp != "1970-01-01T00:00:00Z" || got.Author != author {
		t.Errorf("the document is of %s, by %s", got.Timestamp, got.Author)
	}
	statement := got.Statements[0]
	if statement.Status != "affected" || statement.Products[0].ID != "pkg:golang/p@v1" || statement.Products[0].Subcomponents[0].ID != "pkg:golang/a@v1" {
		t.Errorf("the statement is %+v", statement)
	}
}

func TestADocumentWithoutTimeOrProductIsRefused(t *testing.T) {
	var out strings.Builder
	for _, wrong := range [][2]string{{"", "0"}, {"pkg:golang/p@v1", ""}} {
		if err := convert(strings.NewReader(document), &out, wrong[0], wrong[1]); err == nil {
			t.Errorf("product %q and time %q were taken", wrong[0], wrong[1])
		}
	}
}
