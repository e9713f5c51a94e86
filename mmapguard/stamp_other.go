//go:build !unix || aix

package mmapguard

import "os"

// stampNow looks at an open file.
func stampNow(f *os.File) (stamp, error) {
	info, err := f.Stat()
	if err != nil {
		return stamp{}, err
	}
	return stampOf(info), nil
}
