package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/mmapguard/go/mmapguard"
)

// exitCode is one line of the table of exit codes. Scripts depend on the
// numbers, so a line may be added but never changed.
type exitCode struct {
	Code int
	// Name is the word for it in JSON output.
	Name    string
	Meaning string
	// errs are the errors that it stands for.
	errs []error
}

const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
	exitBrokenPipe  = 141
)

// exitCodes is the only place that knows the codes: the help text, the JSON
// output and the process's end all come from here. The first line with a
// matching error wins, and so "unsupported" comes late: an error that lists all
// attempts to get a guarantee is best described by the one that was special.
var exitCodes = []exitCode{
	{exitOK, "ok", "everything worked", nil},
	{exitFailed, "failed", "a file failed for another reason than those below (missing, no permission, wrong checksum …), or several failed for different reasons", nil},
	{exitUsage, "usage", "wrong usage", []error{errUsage}},
	{3, "fault", "bytes vanished while they were read: the file was truncated, or its storage failed", []error{mmapguard.ErrFault}},
	{4, "locked", "the file is locked for writing by another process", []error{mmapguard.ErrLocked}},
	{6, "changed", "the file was changed or replaced while it was opened or read, or its guarantee could not be kept", []error{mmapguard.ErrChanged, mmapguard.ErrReplaced, mmapguard.ErrRevoked}},
	{7, "too-large", "the file is larger than a limit", []error{mmapguard.ErrTooLarge}},
	{8, "not-mappable", "there is nothing to map: not a regular file, or an empty one", []error{mmapguard.ErrNotRegular, mmapguard.ErrEmpty}},
	{5, "unsupported", "the guarantee is not to be had here", []error{mmapguard.ErrUnsupported}},
	{exitInterrupted, "interrupted", "ended by an interrupt", []error{context.Canceled}},
	{exitBrokenPipe, "broken-pipe", "the reader of the output went away (on Unix the signal SIGPIPE, unless ignored)", []error{errBrokenPipe}},
}

// classify finds the line of the table for an error.
func classify(err error) exitCode {
	if err == nil {
		return exitCodes[exitOK]
	}
	for _, line := range exitCodes {
		for _, known := range line.errs {
			if errors.Is(err, known) {
				return line
			}
		}
	}
	return exitCodes[exitFailed]
}

// worst is the code for several files: theirs if they agree, and the general
// one if they do not.
func worst(codes []int) int {
	result := exitOK
	for _, code := range codes {
		switch {
		case code == exitOK || code == result:
		case result == exitOK:
			result = code
		default:
			return exitFailed
		}
	}
	return result
}

// helpWidth leaves room for the number on a line of 80 columns.
const helpWidth = 72

// exitCodesHelp is the table as text, ordered by number.
func exitCodesHelp() string {
	var b strings.Builder
	b.WriteString("Exit codes:\n")
	for _, line := range slices.SortedFunc(slices.Values(exitCodes), byCode) {
		lines := strings.Split(text.WrapSoft(line.Meaning, helpWidth), "\n")
		for i, l := range lines {
			lines[i] = strings.TrimRight(l, " ")
		}
		fmt.Fprintf(&b, "  %3d  %s\n", line.Code, strings.Join(lines, "\n       "))
	}
	return b.String()
}

func byCode(a, b exitCode) int { return a.Code - b.Code }
