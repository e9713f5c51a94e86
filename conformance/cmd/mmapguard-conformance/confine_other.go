//go:build !linux

package main

import "runtime"

func restrict(string, []string) error { return nil }

func confinement() string { return "not prevented: Landlock is Linux's, and this is " + runtime.GOOS }
