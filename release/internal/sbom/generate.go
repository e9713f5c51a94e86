// Package sbom makes the bills of materials of a release: cyclonedx-gomod finds
// the components, one system at a time; here they are put together, get the
// version that is released, and are held against what Go links and go.sum knows.
package sbom

import (
	"bytes"
	"context"
	"fmt"
	"os"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mmapguard/go/release/internal/gotool"
)

// Generator makes bills of materials.
type Generator struct {
	Tool string // the cyclonedx-gomod to run
}

// Library is the bill of the library module in dir: what its packages need, for
// all systems, tests excluded.
func (g *Generator) Library(ctx context.Context, dir string) (*cdx.BOM, error) {
	return g.run(ctx, dir, gotool.Target{}, "mod", "-type", "library")
}

// Command is the bill of the command whose package is at main in the module of
// dir: what is linked into it on any of the targets.
func (g *Generator) Command(ctx context.Context, dir, main string, targets []gotool.Target) (*cdx.BOM, error) {
	var all []*cdx.BOM
	for _, target := range targets {
		bom, err := g.run(ctx, dir, target, "app", "-main", main, "-std")
		if err != nil {
			return nil, err
		}
		all = append(all, bom)
	}
	return Merge(all[0], all[1:]...), nil
}

// run runs the tool so that what it writes depends on the module alone: no
// serial number, no time, and names without the system. It could guess licences
// too, and guesses wrong ones; release/policy.yaml is held against the texts.
func (g *Generator) run(ctx context.Context, dir string, target gotool.Target, args ...string) (*cdx.BOM, error) {
	file, err := os.CreateTemp("", "sbom-*.json")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(file.Name()) }() // of no use any more
	if err := file.Close(); err != nil {
		return nil, err
	}
	args = append(args, "-json", "-noserial", "-notimestamp", "-short-purls", "-output", file.Name(), ".")
	if _, err := gotool.Run(ctx, dir, gotool.Env(target), g.Tool, args...); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file.Name())
	if err != nil {
		return nil, err
	}
	return Decode(data)
}

// Decode reads a bill in JSON.
func Decode(data []byte) (*cdx.BOM, error) {
	bom := new(cdx.BOM)
	if err := cdx.NewBOMDecoder(bytes.NewReader(data), cdx.BOMFileFormatJSON).Decode(bom); err != nil {
		return nil, fmt.Errorf("read a bill of materials: %w", err)
	}
	return bom, nil
}

// Encode writes a bill in JSON, the same bytes for the same bill.
func Encode(bom *cdx.BOM) ([]byte, error) {
	var out bytes.Buffer
	encoder := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatJSON).SetPretty(true)
	if err := encoder.EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return nil, fmt.Errorf("write a bill of materials: %w", err)
	}
	return out.Bytes(), nil
}
