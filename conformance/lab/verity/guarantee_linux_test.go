package verity_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/verity"
	"github.com/mmapguard/go/mmapguard"
)

const (
	block  = 4096
	length = 150*block + 1234 // two levels of hashes
)

// protected makes a file of random bytes with fs-verity.
func protected(t *testing.T) (path string, content []byte) {
	t.Helper()
	dir := os.Getenv("MMAPGUARD_TEST_DIR")
	if dir == "" {
		t.Skip("needs a file system with fs-verity in MMAPGUARD_TEST_DIR: lab vm --disk ext4-verity x86-64 -- …")
	}
	if os.Getpagesize() != block {
		t.Skipf("the digest is computed for pages of %d bytes", block)
	}
	path = filepath.Join(dir, t.Name())
	content = make([]byte, length)
	_, _ = rand.Read(content)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(path) })
	if err := verity.Enable(path); err != nil {
		t.Fatal(err)
	}
	return path, content
}

// digest computes what the kernel measures, from the format's description
// (Documentation/filesystems/fsverity.rst): SHA-256, blocks of 4096 bytes, no
// salt.
func digest(content []byte) mmapguard.VerityDigest {
	level := content
	for len(level) > block || &level[0] == &content[0] {
		var hashes []byte
		for at := 0; at < len(level); at += block {
			var padded [block]byte
			copy(padded[:], level[at:])
			sum := sha256.Sum256(padded[:])
			hashes = append(hashes, sum[:]...)
		}
		level = hashes
		if len(level) == sha256.Size {
			break
		}
	}
	if len(level) > sha256.Size {
		var padded [block]byte
		copy(padded[:], level)
		sum := sha256.Sum256(padded[:])
		level = sum[:]
	}
	descriptor := make([]byte, 256)
	descriptor[0], descriptor[1], descriptor[2] = 1, 1, 12 // version, SHA-256, log2 of the block size
	binary.LittleEndian.PutUint64(descriptor[8:], uint64(len(content)))
	copy(descriptor[16:], level)
	sum := sha256.Sum256(descriptor)
	return mmapguard.VerityDigest{Algorithm: "sha256", Sum: sum[:]}
}

// isProof tells whether fs-verity proves on this file system that a file cannot
// change.
func isProof(t *testing.T, path string) bool {
	t.Helper()
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		t.Fatal(err)
	}
	return st.Type != unix.BTRFS_SUPER_MAGIC
}

func sameBytes(t *testing.T, d *mmapguard.FileData, want []byte) {
	t.Helper()
	if err := d.View(func(b []byte) error {
		if !bytes.Equal(b, want) {
			return errors.New("other bytes than the file's")
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// A file with fs-verity is taken as it is, as proof, and the kernel keeps it.
func TestAsGiven(t *testing.T) {
	path, content := protected(t)
	if !isProof(t, path) {
		t.Skip("fs-verity is no proof on btrfs")
	}
	d, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(mmapguard.Immutable), mmapguard.WithMaxCopy(0),
		mmapguard.WithDigest(digest(content)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if d.Guarantee() != mmapguard.Immutable || d.Mechanism() != mmapguard.MechanismFsVerity {
		t.Errorf("got %v by %v", d.Guarantee(), d.Mechanism())
	}
	sameBytes(t, d, content)
	if _, err := os.OpenFile(path, os.O_WRONLY, 0); !errors.Is(err, os.ErrPermission) {
		t.Errorf("the kernel answers an open for writing with %v", err)
	}
	if err := os.Truncate(path, 1); !errors.Is(err, os.ErrPermission) {
		t.Errorf("the kernel answers a truncate with %v", err)
	}
}

// Where the kernel lets truncate(2) shorten such a file, it is not taken as
// proof but copied, checked against the digest.
func TestNoProof(t *testing.T) {
	path, content := protected(t)
	if isProof(t, path) {
		t.Skip("fs-verity is proof here")
	}
	_, err := mmapguard.MapFile(path, mmapguard.WithMechanisms(mmapguard.MechanismFsVerity))
	if !errors.Is(err, mmapguard.ErrUnsupported) {
		t.Errorf("fs-verity as proof: %v, want ErrUnsupported", err)
	}
	d, err := mmapguard.MapFile(path, mmapguard.WithDigest(digest(content)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if d.Guarantee() != mmapguard.Immutable || d.Mechanism() != mmapguard.MechanismSealedMemfd {
		t.Errorf("got %v by %v", d.Guarantee(), d.Mechanism())
	}
	t.Logf("the kernel answers a truncate of a file with fs-verity with %v", os.Truncate(path, 1))
	sameBytes(t, d, content)
}

// Another digest is refused, and so is a file that has none.
func TestWrongDigest(t *testing.T) {
	path, content := protected(t)
	wrong := digest(content)
	wrong.Sum[7] ^= 1
	if _, err := mmapguard.MapFile(path, mmapguard.WithDigest(wrong)); !errors.Is(err, mmapguard.ErrDigest) {
		t.Errorf("wrong digest: %v, want ErrDigest", err)
	}
	long := mmapguard.VerityDigest{Algorithm: "sha512", Sum: make([]byte, 64)}
	if _, err := mmapguard.MapFile(path, mmapguard.WithDigest(long)); !errors.Is(err, mmapguard.ErrDigest) {
		t.Errorf("other algorithm: %v, want ErrDigest", err)
	}
	plain := path + "-plain"
	if err := os.WriteFile(plain, content, 0o600); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Remove(plain) }()
	if _, err := mmapguard.MapFile(plain, mmapguard.WithDigest(digest(content))); !errors.Is(err, mmapguard.ErrUnsupported) {
		t.Errorf("no digest: %v, want ErrUnsupported", err)
	}
}

// A block that was damaged on the device is found by whoever reads it, and by
// nobody else.
func TestDamagedBlock(t *testing.T) {
	path, content := protected(t)
	const at = 77*block + 100
	if err := verity.Corrupt(path, at); err != nil {
		t.Fatal(err)
	}
	if _, err := mmapguard.MapFile(path, mmapguard.WithPopulate()); !errors.Is(err, mmapguard.ErrFault) {
		t.Errorf("WithPopulate: %v, want ErrFault", err)
	}
	guarantee := mmapguard.Immutable
	if !isProof(t, path) {
		if _, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(guarantee)); !errors.Is(err, unix.EIO) {
			t.Errorf("a copy of the damaged file: %v, want EIO", err)
		}
		guarantee = mmapguard.Cooperative
	}
	d, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(guarantee))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	buf := make([]byte, 8)
	if _, err := d.ReadAt(buf, 10*block); err != nil || !bytes.Equal(buf, content[10*block:10*block+8]) {
		t.Errorf("an undamaged block: %v", err)
	}
	_, err = d.ReadAt(buf, at)
	var fault *mmapguard.FaultError
	if !errors.As(err, &fault) || fault.Offset/block != 77 || fault.Name != path {
		t.Errorf("the damaged block: %v, want a *FaultError in it", err)
	}
}
