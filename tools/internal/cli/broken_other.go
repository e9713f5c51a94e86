//go:build plan9

package cli

var brokenPipeErrnos []error
