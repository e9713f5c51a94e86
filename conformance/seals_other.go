//go:build !linux

package conformance

func everySealIsNeeded(e *Env)     { e.onlyLinux() }
func sealedFileIsNotCopied(e *Env) { e.onlyLinux() }
func ownCopyIsSealed(e *Env)       { e.onlyLinux() }
