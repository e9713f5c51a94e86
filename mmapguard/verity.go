package mmapguard

import (
	"encoding/hex"
	"strings"
)

// VerityDigest is the digest of a file with fs-verity, as the kernel measures
// it (FS_IOC_MEASURE_VERITY): not the hash of the bytes, but that of a
// descriptor with the root of their Merkle tree.
type VerityDigest struct {
	// Algorithm is "sha256" or "sha512".
	Algorithm string
	// Sum is the digest, 32 or 64 bytes.
	Sum []byte
}

// ParseVerityDigest reads the form that fsverity(1) prints: "sha256:" and 64
// hexadecimal digits, or "sha512:" and 128.
func ParseVerityDigest(s string) (VerityDigest, error) {
	algorithm, digits, _ := strings.Cut(s, ":")
	sum, err := hex.DecodeString(digits)
	d := VerityDigest{algorithm, sum}
	if err != nil || !d.valid() {
		return VerityDigest{}, invalid("%q is no fs-verity digest: want sha256: and 64 hexadecimal digits, or sha512: and 128", s)
	}
	return d, nil
}

func (d VerityDigest) valid() bool {
	switch d.Algorithm {
	case "sha256":
		return len(d.Sum) == 32
	case "sha512":
		return len(d.Sum) == 64
	}
	return false
}

// String is the form that ParseVerityDigest reads.
func (d VerityDigest) String() string { return d.Algorithm + ":" + hex.EncodeToString(d.Sum) }
