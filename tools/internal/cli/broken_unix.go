//go:build !windows && !plan9

package cli

import "syscall"

var brokenPipeErrnos = []error{syscall.EPIPE}
