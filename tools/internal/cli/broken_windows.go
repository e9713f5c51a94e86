package cli

import "syscall"

// errNoData is ERROR_NO_DATA, "the pipe is being closed": what a writer sees
// first when the reader is gone.
const errNoData = syscall.Errno(232)

var brokenPipeErrnos = []error{syscall.ERROR_BROKEN_PIPE, errNoData}
