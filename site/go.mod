module github.com/mmapguard/go/site

go 1.25.0

require (
	github.com/mmapguard/go/conformance v0.0.0
	github.com/mmapguard/go/mmapguard v0.0.0
	go.yaml.in/yaml/v3 v3.0.5
)

require (
	github.com/gofrs/flock v0.13.1 // indirect
	golang.org/x/sys v0.47.0 // indirect
)
