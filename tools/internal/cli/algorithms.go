package cli

import (
	"crypto/md5"  // #nosec G501 -- for comparing with sums that others have published
	"crypto/sha1" // #nosec G505 -- likewise
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"fmt"
	"hash"
	"strings"

	"golang.org/x/crypto/blake2b"
)

// algorithm is a hash function, as --algo takes it.
type algorithm struct {
	Name string
	new  func() hash.Hash
}

// algorithms lists the default first.
var algorithms = []algorithm{
	{"sha256", sha256.New},
	{"sha224", sha256.New224},
	{"sha384", sha512.New384},
	{"sha512", sha512.New},
	{"sha3-256", func() hash.Hash { return sha3.New256() }},
	{"sha3-512", func() hash.Hash { return sha3.New512() }},
	{"blake2b", newBlake2b},
	{"sha1", sha1.New},
	{"md5", md5.New},
}

// newBlake2b is the 512 bits of b2sum.
func newBlake2b() hash.Hash {
	h, err := blake2b.New512(nil)
	if err != nil {
		panic(err) // only a key can be wrong, and there is none
	}
	return h
}

func algorithmNames() []string {
	var names []string
	for _, a := range algorithms {
		names = append(names, a.Name)
	}
	return names
}

func (a *algorithm) String() string { return a.Name }
func (a *algorithm) Type() string   { return "NAME" }

// Set finds an algorithm by its name, in any case.
func (a *algorithm) Set(name string) error {
	for _, known := range algorithms {
		if strings.EqualFold(name, known.Name) {
			*a = known
			return nil
		}
	}
	return fmt.Errorf("want one of %s", strings.Join(algorithmNames(), ", "))
}
