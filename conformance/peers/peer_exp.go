package peers

import "golang.org/x/exp/mmap"

var expPeer = Peer{
	Name:   "x/exp",
	Module: "golang.org/x/exp",
	Means:  "mmap.Open and (*ReaderAt).ReadAt",
	Open:   openExp,
}

type exp struct{ *mmap.ReaderAt }

func openExp(name string) (Handle, error) {
	r, err := mmap.Open(name)
	if err != nil {
		return nil, err
	}
	return exp{r}, nil
}

func (e exp) Len() int64 { return int64(e.ReaderAt.Len()) }

func (exp) Lend(func([]byte)) error { return errNoSlice }

func (exp) Keep() []byte { return nil }
