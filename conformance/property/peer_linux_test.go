package property

import "io"

func servePeer(r io.Reader, w io.Writer) error { return nil }
