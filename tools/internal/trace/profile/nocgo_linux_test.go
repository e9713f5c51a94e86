//go:build amd64 && !cgo

package profile_test

const cgo = false
