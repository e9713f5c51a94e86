package cli

import "syscall"

// errorNoData is ERROR_NO_DATA, "the pipe is being closed": what a writer sees
// first when the reader is gone.
const errorNoData = syscall.Errno(232)

var brokenPipeErrnos = []error{syscall.ERROR_BROKEN_PIPE, errorNoData}
