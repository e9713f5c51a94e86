package peers

import "os"

// readFilePeer is the baseline: no mapping at all.
var readFilePeer = Peer{
	Name:  "ReadFile",
	Means: "os.ReadFile: a copy in the Go heap, nothing mapped",
	Open:  openReadFile,
}

type readFile struct{ sliceHandle }

func openReadFile(name string) (Handle, error) {
	b, err := os.ReadFile(name) // #nosec G304 -- the hazard names the file
	if err != nil {
		return nil, err
	}
	return &readFile{sliceHandle{b}}, nil
}

// Close has nothing to release; the collector owns the copy.
func (*readFile) Close() error { return nil }
