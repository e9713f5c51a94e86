//go:build !unix || aix || solaris || illumos

package attack

func fifo(string) error { return ErrMissing }

func (h *hold) mapWrite(string) error { return ErrMissing }
