//go:build !unix

package peers

func makeFIFO(string) error { return skip("this system has no FIFOs in directories") }
