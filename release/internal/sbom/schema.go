package sbom

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mmapguard/go/release/internal/gotool"
)

// The schema and what it refers to, as CycloneDX publishes them; the CycloneDX
// library for Go brings them along, so they are pinned by go.sum.
const (
	schemaBase = "http://cyclonedx.org/schema/"
	schemaFile = "bom-1.6.schema.json"
	cyclonedx  = "github.com/CycloneDX/cyclonedx-go"
)

// Schema loads the schema of CycloneDX 1.6, from the module cache; dir is within
// a module that requires the CycloneDX library.
func Schema(ctx context.Context, dir string) (*jsonschema.Schema, error) {
	out, err := gotool.Run(ctx, dir, gotool.Env(gotool.Target{}), "go", "list", "-m", "-f", "{{.Dir}}", cyclonedx)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(strings.TrimSpace(string(out)), "schema")
	compiler := jsonschema.NewCompiler()
	for name, file := range map[string]string{
		schemaFile: schemaFile, "spdx.schema.json": "spdx.schema.json", "jsf-0.82.schema.json": "jsf-0.82.schemax.json",
	} {
		data, err := os.ReadFile(filepath.Join(folder, file)) // #nosec G304 -- a file of a module that go.sum pins
		if err != nil {
			return nil, fmt.Errorf("the schema of CycloneDX: %w", err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("the schema of CycloneDX: %w", err)
		}
		if err := compiler.AddResource(schemaBase+name, document); err != nil {
			return nil, fmt.Errorf("the schema of CycloneDX: %w", err)
		}
	}
	return compiler.Compile(schemaBase + schemaFile)
}

// Valid fails unless data is a bill as the schema wants it.
func Valid(schema *jsonschema.Schema, data []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("read a bill of materials: %w", err)
	}
	return schema.Validate(document)
}
