//go:build !unix

package conformance

func (e *Env) sparse(string, int64) string {
	e.notOffered("no sparse files here")
	return ""
}

func (e *Env) noRoom(error) bool { return false }
