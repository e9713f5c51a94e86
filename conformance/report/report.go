// Package report holds the outcome of a run of the conformance suite: its
// document, and the forms in which people and machines read it.
package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Schema is the version of the document. It changes when a field changes its
// meaning or goes; fields may be added.
const Schema = 1

// The values of Result.Verdict.
const (
	Held       = "held"
	Broken     = "broken"
	NotOffered = "not offered"
	// Failed is for whoever compares platforms: a case ended with an error on one
	// that was made to fail. The suite itself does not say so.
	Failed = "failed"
)

// Report is the document of one run.
type Report struct {
	Schema   int       `json:"schema"`
	Started  time.Time `json:"started"`
	Seconds  float64   `json:"seconds"`
	Platform Platform  `json:"platform"`
	// Offers tells what there is of each mechanism, the weakest guarantee first.
	Offers  []Offer  `json:"mechanisms"`
	Results []Result `json:"results"`
}

// Platform is where the run took place.
type Platform struct {
	// Name tells the platform from others in a comparison.
	Name       string `json:"name"`
	OS         string `json:"os"`
	Arch       string `json:"arch"`
	Kernel     string `json:"kernel"`
	FileSystem string `json:"fileSystem"`
	PageSize   int    `json:"pageSize"`
	Go         string `json:"go"`
	Library    string `json:"library"` // version of the mmapguard module
	ReadOnly   bool   `json:"readOnly"`
	NoFaults   bool   `json:"noFaults"`
}

// Offer tells whether a mechanism is to be had here.
type Offer struct {
	Mechanism string `json:"mechanism"`
	Guarantee string `json:"guarantee"`
	Offered   bool   `json:"offered"`
	Reason    string `json:"reason,omitempty"` // why it is not
}

// Result is the verdict on one case, with one mechanism if it is run with
// several.
type Result struct {
	ID        string `json:"id"`
	Promise   string `json:"promise"`
	Guarantee string `json:"guarantee,omitempty"`
	Mechanism string `json:"mechanism,omitempty"`
	Verdict   string `json:"verdict"`
	Detail    string `json:"detail,omitempty"`
	// Fatal tells of a broken promise that the process died or did not end in
	// time, which no error is.
	Fatal bool `json:"fatal,omitempty"`
	// Error tells of a broken promise that nothing worse was seen than an error:
	// no byte was wrong, and nothing was done that should not be.
	Error   bool    `json:"error,omitempty"`
	Seconds float64 `json:"seconds"`
}

// Name is the case with its mechanism.
func (r Result) Name() string {
	if r.Mechanism == "" {
		return r.ID
	}
	return r.ID + " (" + r.Mechanism + ")"
}

// Count is the number of results with the given verdict.
func (r *Report) Count(verdict string) int {
	n := 0
	for _, result := range r.Results {
		if result.Verdict == verdict {
			n++
		}
	}
	return n
}

// WriteJSON writes the document.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// ReadJSON reads a document, and refuses one of another schema, and one with
// anything behind it: two that were written into one file, for example.
func ReadJSON(r io.Reader) (*Report, error) {
	var doc Report
	dec := json.NewDecoder(r)
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("not a report: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a report: there is something behind its end")
	}
	if doc.Schema != Schema {
		return nil, fmt.Errorf("report has schema %d, want %d", doc.Schema, Schema)
	}
	return &doc, nil
}
