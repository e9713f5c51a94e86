//go:build !unix

package sysinfo

func limits() []Limit { return []Limit{} }
