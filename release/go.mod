module github.com/mmapguard/go/release

go 1.25.0

require (
	github.com/CycloneDX/cyclonedx-go v0.9.3
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.2
	go.yaml.in/yaml/v3 v3.0.4
	golang.org/x/mod v0.32.0
)

require golang.org/x/text v0.14.0 // indirect
