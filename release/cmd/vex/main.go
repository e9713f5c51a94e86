// Command vex reads the OpenVEX document that govulncheck writes, and gives it
// what a release knows: the product that it is about, who says so, and the time
// of the commit in place of the time of the run.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

func main() {
	product := flag.String("product", "", "package `URL` of the module")
	flag.Parse()
	if err := convert(os.Stdin, os.Stdout, *product, os.Getenv("SOURCE_DATE_EPOCH")); err != nil {
		fmt.Fprintln(os.Stderr, "vex:", err)
		os.Exit(1)
	}
}

// author is who makes the statements: the pipeline of this repository.
const author = "https://github.com/mmapguard/go"

// convert rewrites the document. Statements stay as they are, but for the names
// of products: govulncheck knows none.
func convert(in io.Reader, out io.Writer, product, epoch string) error {
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH must be the time of the commit: %w", err)
	}
	if product == "" {
		return fmt.Errorf("no product given; use -product")
	}
	var document map[string]any
	if err := json.NewDecoder(in).Decode(&document); err != nil {
		return fmt.Errorf("read an OpenVEX document: %w", err)
	}
	document["author"] = author
	document["timestamp"] = time.Unix(seconds, 0).UTC().Format(time.RFC3339)
	statements, _ := document["statements"].([]any) // none is null
	for _, statement := range statements {
		if fields, ok := statement.(map[string]any); ok {
			name(fields, product)
		}
	}
	if statements == nil {
		document["statements"] = []any{}
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}

// name puts the product's name in the place of govulncheck's "Unknown Product".
func name(statement map[string]any, product string) {
	products, _ := statement["products"].([]any)
	for _, each := range products {
		if fields, ok := each.(map[string]any); ok {
			fields["@id"] = product
		}
	}
}
