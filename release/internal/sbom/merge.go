package sbom

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// Merge puts bills together: the first one's subject, everybody's components,
// each once, in the order of their names.
func Merge(first *cdx.BOM, others ...*cdx.BOM) *cdx.BOM {
	components := map[string]cdx.Component{}
	needs := map[string]map[string]bool{}
	for _, bom := range append([]*cdx.BOM{first}, others...) {
		for _, component := range deref(bom.Components) {
			component.Scope = "" // which system needs it differs
			component.Properties = nil
			components[component.BOMRef] = component
		}
		for _, dependency := range deref(bom.Dependencies) {
			if needs[dependency.Ref] == nil {
				needs[dependency.Ref] = map[string]bool{}
			}
			for _, ref := range deref(dependency.Dependencies) {
				needs[dependency.Ref][ref] = true
			}
		}
	}
	merged := *first
	merged.Components = ptr(sorted(components))
	merged.Dependencies = ptr(graph(needs))
	merged.Metadata = plain(first.Metadata)
	return &merged
}

func sorted(components map[string]cdx.Component) []cdx.Component {
	return slices.SortedFunc(maps.Values(components), func(a, b cdx.Component) int {
		return cmp.Compare(a.BOMRef, b.BOMRef)
	})
}

func graph(needs map[string]map[string]bool) []cdx.Dependency {
	var all []cdx.Dependency
	for _, ref := range slices.Sorted(maps.Keys(needs)) {
		dependency := cdx.Dependency{Ref: ref}
		if refs := slices.Sorted(maps.Keys(needs[ref])); len(refs) > 0 {
			dependency.Dependencies = &refs
		}
		all = append(all, dependency)
	}
	return all
}

// plain is metadata without what is true of one machine alone: the digests of
// the tool's own file, and the system that the tool looked at.
func plain(metadata *cdx.Metadata) *cdx.Metadata {
	copied := *metadata
	if tools := metadata.Tools; tools != nil {
		var named []cdx.Component
		for _, tool := range deref(tools.Components) {
			named = append(named, cdx.Component{Type: tool.Type, Group: tool.Group, Name: tool.Name, Version: tool.Version})
		}
		// The form of CycloneDX before 1.5, which the tool still writes.
		for _, tool := range deref(tools.Tools) {
			named = append(named, cdx.Component{Type: cdx.ComponentTypeApplication, Group: tool.Vendor, Name: tool.Name, Version: tool.Version})
		}
		copied.Tools = &cdx.ToolsChoice{Components: &named}
	}
	if subject := metadata.Component; subject != nil {
		bare := *subject
		bare.Properties = nil
		copied.Component = &bare
	}
	copied.Properties = nil
	return &copied
}

// SetVersion gives the bill's subject the version that is released. The tool
// takes a tag with the module's folder before the version for none at all.
func SetVersion(bom *cdx.BOM, version string) {
	subject := bom.Metadata.Component
	old := subject.BOMRef
	fresh := versioned(old, version)
	subject.PackageURL = versioned(subject.PackageURL, version)
	subject.BOMRef, subject.Version = fresh, version
	for i := range deref(bom.Dependencies) {
		dependency := &(*bom.Dependencies)[i]
		if dependency.Ref == old {
			dependency.Ref = fresh
		}
	}
	slices.SortFunc(deref(bom.Dependencies), func(a, b cdx.Dependency) int { return cmp.Compare(a.Ref, b.Ref) })
}

// versioned is a package URL with another version, or its first one. The version
// stands before the qualifiers and the path within the package:
// https://github.com/package-url/purl-spec
func versioned(url, version string) string {
	end := len(url)
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		end = i
	}
	name, _, _ := strings.Cut(url[:end], "@")
	return name + "@" + version + url[end:]
}

// Release is the bill of everything that is released: the subjects of the bills
// are its components, beside theirs.
func Release(name, version string, bills []*cdx.BOM) *cdx.BOM {
	subject := cdx.Component{
		BOMRef: "release:" + name + "@" + version, Type: cdx.ComponentTypeApplication, Name: name, Version: version,
	}
	whole := cdx.NewBOM()
	whole.Metadata = &cdx.Metadata{Component: &subject, Tools: bills[0].Metadata.Tools}
	parts := []string{}
	components := []cdx.Component{}
	for _, bill := range bills {
		components = append(components, *bill.Metadata.Component)
		parts = append(parts, bill.Metadata.Component.BOMRef)
	}
	whole.Components = &components
	whole.Dependencies = &[]cdx.Dependency{{Ref: subject.BOMRef, Dependencies: &parts}}
	return Merge(whole, bills...)
}

func deref[T any](list *[]T) []T {
	if list == nil {
		return nil
	}
	return *list
}

func ptr[T any](v T) *T { return &v }
