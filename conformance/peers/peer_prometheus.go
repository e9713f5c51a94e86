package peers

import "github.com/prometheus/prometheus/tsdb/fileutil"

var prometheusPeer = Peer{
	Name:   "prometheus",
	Module: "github.com/prometheus/prometheus",
	Means:  "tsdb/fileutil: OpenMmapFile, Bytes, Close",
	Open:   openPrometheus,
}

type prometheus struct {
	f *fileutil.MmapFile
}

func openPrometheus(name string) (Handle, error) {
	f, err := fileutil.OpenMmapFile(name)
	if err != nil {
		return nil, err
	}
	return prometheus{f}, nil
}

// slice asks for the bytes anew at every use, as Bytes invites its users to.
func (p prometheus) slice() *sliceHandle { return &sliceHandle{p.f.Bytes()} }

func (p prometheus) Len() int64 { return p.slice().Len() }

func (p prometheus) ReadAt(b []byte, off int64) (int, error) { return p.slice().ReadAt(b, off) }

func (p prometheus) Lend(fn func([]byte)) error { return p.slice().Lend(fn) }

func (p prometheus) Keep() []byte { return p.f.Bytes() }

func (p prometheus) Close() error { return p.f.Close() }
