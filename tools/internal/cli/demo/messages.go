package demo

import "time"

// Opened is the reader's first message: it has opened the file and read it once,
// before the writer comes.
type Opened struct {
	// Guarantee and Mechanism are what the library gave; the others give none.
	Guarantee string `json:"guarantee,omitempty"`
	Mechanism string `json:"mechanism,omitempty"`
	// Cost is the median time of several openings.
	Cost time.Duration `json:"openNanoseconds"`
	// Memory is how much more the process has than before, not counting the pages
	// of the file itself; nil where that is not measured.
	Memory *int64 `json:"memoryBytes,omitempty"`
	// Failure is why there is nothing open.
	Failure string `json:"failure,omitempty"`
	// Unsupported tells a failure to provide from one to work.
	Unsupported bool `json:"unsupported,omitempty"`
}

// Seen is the reader's second message: what it found after the writer was there.
type Seen struct {
	// Intact is how many bytes from the start were as they had been written.
	Intact int64 `json:"intactBytes"`
	// Wrong: the bytes after those could be read but were others.
	Wrong bool `json:"wrong,omitempty"`
	// Error ended the reading, and Offset is what a fault said about the place.
	Error  string `json:"error,omitempty"`
	Offset *int64 `json:"faultOffset,omitempty"`
	Memory *int64 `json:"memoryBytes,omitempty"`
}

// Writer is the message of the process that truncates.
type Writer struct {
	Took time.Duration `json:"tookNanoseconds"`
	// Error is why it could not.
	Error string `json:"error,omitempty"`
}
