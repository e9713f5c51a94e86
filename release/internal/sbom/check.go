package sbom

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mmapguard/go/release/internal/gotool"
)

// std is how the tool calls the standard library, which is in no module.
const std = "std"

// Check fails unless the bill lists exactly the modules that are linked, each in
// the version and with the digest that sums (as of Sums) knows.
func Check(bom *cdx.BOM, linked map[string]gotool.Module, sums map[string]string) error {
	var problems []error
	listed := map[string]bool{}
	for _, component := range deref(bom.Components) {
		if component.Name == std {
			continue
		}
		listed[component.Name] = true
		module, ok := linked[component.Name]
		if !ok {
			problems = append(problems, fmt.Errorf("%s is listed, and nothing of it is linked", component.Name))
			continue
		}
		problems = append(problems, checkOne(&component, module, sums))
	}
	for _, path := range slices.Sorted(maps.Keys(linked)) {
		if !listed[path] && !linked[path].Main {
			problems = append(problems, fmt.Errorf("%s is linked, and not listed", path))
		}
	}
	return errors.Join(problems...)
}

func checkOne(component *cdx.Component, module gotool.Module, sums map[string]string) error {
	if component.Version != module.Version {
		return fmt.Errorf("%s is listed as %s, and linked as %s", component.Name, component.Version, module.Version)
	}
	want, ok := sums[module.Path+" "+module.Version]
	if !ok {
		return fmt.Errorf("go.sum knows nothing of %s %s", module.Path, module.Version)
	}
	for _, digest := range deref(component.Hashes) {
		if digest.Algorithm == cdx.HashAlgoSHA256 && digest.Value == want {
			return nil
		}
	}
	return fmt.Errorf("%s %s is listed with other digests (%v) than go.sum's, %s", module.Path, module.Version, deref(component.Hashes), want)
}

// Sums reads a go.sum: by path and version, the digest of the module's archive
// in hexadecimal.
func Sums(name string) (map[string]string, error) {
	file, err := os.Open(name) // #nosec G304 -- the go.sum of a module of the repository
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // was read only
	sums := map[string]string{}
	for lines := bufio.NewScanner(file); ; {
		if !lines.Scan() {
			return sums, lines.Err()
		}
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 || strings.HasSuffix(fields[1], "/go.mod") {
			continue
		}
		digest, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(fields[2], "h1:"))
		if err != nil {
			return nil, fmt.Errorf("%s: the digest of %s: %w", name, fields[0], err)
		}
		sums[fields[0]+" "+fields[1]] = hex.EncodeToString(digest)
	}
}
