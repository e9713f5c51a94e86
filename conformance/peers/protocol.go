package peers

import (
	"crypto/sha256"
	"encoding/hex"
)

// kind says what a child reports in an event.
type kind string

const (
	// began names the step the child is about to take, in case it is its last.
	began kind = "began"
	// ready asks the parent to strike now; the child waits for its answer.
	ready kind = "ready"
	// sawBytes describes what a read or a slice showed.
	sawBytes kind = "bytes"
	// gotError is an error value that the peer returned.
	gotError kind = "error"
	// measured is a fact without a judgement, like a capacity.
	measured kind = "measured"
	// toldChange means that the peer itself, asked, said that the file changed.
	toldChange kind = "told"
	// lacks means that the peer has nothing the hazard could touch.
	lacks kind = "lacks"
	// finished is the last event of a child that came to its end.
	finished kind = "finished"
)

// event is one line of JSON from the child to its parent.
type event struct {
	Kind kind       `json:"kind"`
	Op   string     `json:"op,omitempty"`
	Text string     `json:"text,omitempty"`
	Saw  *bytesSeen `json:"saw,omitempty"`
}

// bytesSeen describes bytes well enough to tell whose they are. The files of
// the hazards are filled with one value each, which makes an owner visible.
type bytesSeen struct {
	Len int64 `json:"len"`
	// Sum is the SHA-256 of the bytes, or "" if only the length is known.
	Sum string `json:"sum,omitempty"`
	// Values are the distinct byte values, at most maxValues of them.
	Values []int `json:"values,omitempty"`
}

// maxValues is one more than the owners any hazard knows, which are three.
const maxValues = 4

func look(b []byte) *bytesSeen {
	sum := sha256.Sum256(b)
	return &bytesSeen{Len: int64(len(b)), Sum: hex.EncodeToString(sum[:]), Values: distinct(b)}
}

// distinct lists the byte values in order of value, the first few of them.
func distinct(b []byte) []int {
	var there [256]bool
	for _, v := range b {
		there[v] = true
	}
	var values []int
	for v, is := range there {
		if is && len(values) < maxValues {
			values = append(values, v)
		}
	}
	return values
}
