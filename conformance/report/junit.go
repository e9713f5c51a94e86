package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"
)

// The elements of a JUnit document, as the readers of CI systems take it.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Time      string      `xml:"time,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes the report as JUnit XML: a broken promise is a failure, one
// that is not offered is skipped.
func (r *Report) WriteJUnit(w io.Writer) error {
	suite := junitSuite{
		Name:  "mmapguard conformance on " + r.Platform.Name,
		Tests: len(r.Results), Failures: r.Count(Broken), Skipped: r.Count(NotOffered),
		Time: seconds(r.Seconds), Timestamp: r.Started.UTC().Format(time.RFC3339),
	}
	for _, result := range r.Results {
		suite.Cases = append(suite.Cases, junitOf(result))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitOf(r Result) junitCase {
	c := junitCase{Class: "conformance." + group(r.ID), Name: r.Name(), Time: seconds(r.Seconds)}
	switch r.Verdict {
	case Broken:
		c.Failure = &junitMessage{Message: r.Detail, Text: r.Promise}
	case NotOffered:
		c.Skipped = &junitMessage{Message: r.Detail}
	}
	return c
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
