package sigstore

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	common "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	rekor "github.com/sigstore/protobuf-specs/gen/pb-go/rekor/v1"
)

// What the virtual log is called in its checkpoints, and where entries come to lie.
const (
	origin = "log.invalid - 1"
	index  = 1
)

// enter puts body into the signature log at a time of second precision.
func (s *Sigstore) enter(body []byte, at time.Time) (*rekor.TransparencyLogEntry, error) {
	id, err := keyID(s.signatureLog)
	if err != nil {
		return nil, err
	}
	promise, err := s.entryPromise(body, hex.EncodeToString(id[:]), at)
	if err != nil {
		return nil, err
	}
	proof, err := s.inclusion(body, id)
	if err != nil {
		return nil, err
	}
	return &rekor.TransparencyLogEntry{
		LogIndex: index, LogId: &common.LogId{KeyId: id[:]},
		KindVersion:      &rekor.KindVersion{Kind: "dsse", Version: "0.0.1"},
		IntegratedTime:   at.Unix(),
		InclusionPromise: &rekor.InclusionPromise{SignedEntryTimestamp: promise},
		InclusionProof:   proof, CanonicalizedBody: body,
	}, nil
}

// entryPromise is the log's signature over an entry and its time, in canonical
// JSON: the fields in this order, without spaces.
func (s *Sigstore) entryPromise(body []byte, id string, at time.Time) ([]byte, error) {
	message, err := json.Marshal(struct {
		Body  string `json:"body"`
		Time  int64  `json:"integratedTime"`
		ID    string `json:"logID"`
		Index int64  `json:"logIndex"`
	}{base64.StdEncoding.EncodeToString(body), at.Unix(), id, index})
	if err != nil {
		return nil, fmt.Errorf("encode a log entry: %w", err)
	}
	return sign(s.signatureLog, message)
}

// inclusion proves that body is the second leaf of a tree of two (RFC 6962, 2.1),
// under a checkpoint that the log signed.
func (s *Sigstore) inclusion(body []byte, id [sha256.Size]byte) (*rekor.InclusionProof, error) {
	before := sha256.Sum256([]byte{0})
	leaf := sha256.Sum256(append([]byte{0}, body...))
	top := sha256.Sum256(append(append([]byte{1}, before[:]...), leaf[:]...))

	note := fmt.Sprintf("%s\n2\n%s\n", origin, base64.StdEncoding.EncodeToString(top[:]))
	signature, err := sign(s.signatureLog, []byte(note))
	if err != nil {
		return nil, fmt.Errorf("sign a checkpoint: %w", err)
	}
	// A note names its key by the first four bytes of the key's digest.
	hint := binary.BigEndian.AppendUint32(nil, binary.BigEndian.Uint32(id[:4]))
	line := base64.StdEncoding.EncodeToString(append(hint, signature...))
	return &rekor.InclusionProof{
		LogIndex: index, TreeSize: 2, RootHash: top[:], Hashes: [][]byte{before[:]},
		Checkpoint: &rekor.Checkpoint{Envelope: fmt.Sprintf("%s\n— log.invalid %s\n", note, line)},
	}, nil
}
