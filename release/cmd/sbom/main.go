// Command sbom writes the bills of materials of a release: one for each library
// module that is named, one for each command of those, and one for the whole. It fails if a bill is not
// what Go links, what go.sum knows, or what the schema of CycloneDX allows.
//
//	sbom -root DIR -out DIR -tool CYCLONEDX-GOMOD -name VERSION MODULE=VERSION...
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mmapguard/go/release/internal/gotool"
	"github.com/mmapguard/go/release/internal/plan"
	"github.com/mmapguard/go/release/internal/sbom"
)

func main() {
	var b bills
	flag.StringVar(&b.root, "root", ".", "`directory` of the repository, as it is released")
	flag.StringVar(&b.out, "out", "", "`directory` to write to")
	flag.StringVar(&b.generator.Tool, "tool", "", "the cyclonedx-gomod to `run`")
	flag.StringVar(&b.version, "version", "", "`version` of the release")
	module := flag.String("module", "release", "`directory` of the module that requires the CycloneDX library")
	flag.Parse()
	if err := b.write(context.Background(), *module, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// bills are those of one release.
type bills struct {
	root, out, version string
	generator          sbom.Generator
	schema             *jsonschema.Schema
	made               []*cdx.BOM
}

func (b *bills) write(ctx context.Context, module string, pairs []string) error {
	versions := map[string]string{}
	for _, pair := range pairs {
		name, version, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("%q is not MODULE=VERSION", pair)
		}
		versions[name] = version
	}
	p, err := plan.Read(b.root)
	if err != nil {
		return err
	}
	if b.schema, err = sbom.Schema(ctx, module); err != nil {
		return err
	}
	for _, library := range p.Libraries() {
		if versions[library] == "" {
			continue
		}
		if err := b.library(ctx, library, versions[library]); err != nil {
			return err
		}
	}
	for i := range p.Commands {
		if versions[p.Commands[i].Module] == "" {
			continue
		}
		if err := b.command(ctx, &p.Commands[i], versions[p.Commands[i].Module]); err != nil {
			return err
		}
	}
	if len(b.made) == 0 {
		return fmt.Errorf("none of %v is released", pairs)
	}
	return b.save("release_"+b.version, sbom.Release("mmapguard", b.version, b.made))
}

func (b *bills) library(ctx context.Context, module, version string) error {
	dir := filepath.Join(b.root, module)
	bom, err := b.generator.Library(ctx, dir)
	if err != nil {
		return err
	}
	linked, _, err := linkedAnywhere(ctx, dir, "./...", everywhere())
	if err != nil {
		return err
	}
	return b.finish("module-"+strings.ReplaceAll(module, "/", "-"), version, dir, sbom.Merge(bom), linked)
}

// everywhere are the kinds of systems that the library tells apart.
func everywhere() []gotool.Target {
	return []gotool.Target{{OS: "linux", Arch: "amd64"}, {OS: "darwin", Arch: "arm64"}, {OS: "windows", Arch: "amd64"}, {OS: "freebsd", Arch: "amd64"}}
}

func (b *bills) command(ctx context.Context, c *plan.Command, version string) error {
	dir := filepath.Join(b.root, c.Module)
	linked, different, err := linkedAnywhere(ctx, dir, c.Main, c.Systems())
	if err != nil {
		return err
	}
	bom, err := b.generator.Command(ctx, dir, c.Main, different)
	if err != nil {
		return err
	}
	return b.finish("command-"+c.Name, version, dir, bom, linked)
}

// linkedAnywhere are the modules that are linked on one of the targets, and those
// targets that differ from all before them in what is linked: the bills of the
// others, which take seconds each, would say the same.
func linkedAnywhere(ctx context.Context, dir, pattern string, targets []gotool.Target) (all map[string]gotool.Module, different []gotool.Target, err error) {
	all = map[string]gotool.Module{}
	seen := map[string]bool{}
	for _, target := range targets {
		linked, err := gotool.Linked(ctx, dir, target, pattern)
		if err != nil {
			return nil, nil, err
		}
		maps.Copy(all, linked)
		if key := fmt.Sprint(slices.Sorted(maps.Keys(linked))); !seen[key] {
			seen[key] = true
			different = append(different, target)
		}
	}
	return all, different, nil
}

func (b *bills) finish(name, version, dir string, bom *cdx.BOM, linked map[string]gotool.Module) error {
	sums, err := sbom.Sums(filepath.Join(dir, "go.sum"))
	if err != nil {
		return err
	}
	if err := sbom.Check(bom, linked, sums); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	sbom.SetVersion(bom, version)
	b.made = append(b.made, bom)
	return b.save(name+"_"+version, bom)
}

func (b *bills) save(name string, bom *cdx.BOM) error {
	data, err := sbom.Encode(bom)
	if err != nil {
		return err
	}
	if err := sbom.Valid(b.schema, data); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Printf("%-44s %3d components, as CycloneDX 1.6 wants it\n", name, len(*bom.Components))
	return errors.Join(os.MkdirAll(b.out, 0o750), os.WriteFile(filepath.Join(b.out, name+".cdx.json"), data, 0o600))
}
