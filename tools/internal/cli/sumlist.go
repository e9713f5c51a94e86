package cli

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

var (
	errMismatch = errors.New("checksum does not match")
	errNoSum    = errors.New("not a line of checksum and name for this hash function")
)

// A name with one of these would break the line; coreutils then escapes them
// and begins the line with a backslash.
var (
	escapeName   = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`)
	unescapeName = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r")
)

// sumLine is the line that coreutils prints.
func sumLine(digest, name string) string {
	escaped := escapeName.Replace(name)
	if escaped != name {
		digest = `\` + digest
	}
	return digest + "  " + escaped
}

// parseSumLine reads a line of sumLine's form, and the one with an asterisk for
// binary mode, with a digest of the given number of bytes.
func parseSumLine(line string, size int) (digest, name string, ok bool) {
	line, escaped := strings.CutPrefix(line, `\`)
	digest, name, ok = strings.Cut(line, " ")
	if !ok || len(name) < 2 || (name[0] != ' ' && name[0] != '*') {
		return "", "", false
	}
	if sum, err := hex.DecodeString(digest); err != nil || len(sum) != size {
		return "", "", false
	}
	name = name[1:]
	if escaped {
		name = unescapeName.Replace(name)
	}
	return strings.ToLower(digest), name, true
}

// checkList verifies the files that a list names. It reads the list as a mapping
// as well, and is done with it before the first file.
func (c *sumCommand) checkList(ctx context.Context, list string) error {
	wanted, err := c.readList(list)
	if err != nil {
		return err
	}
	names := make([]string, len(wanted))
	for i, w := range wanted {
		names[i] = w.name
	}
	next := 0
	return c.eachFile(ctx, names, c.report, func(string) error {
		next++
		return c.verify(wanted[next-1])
	})
}

type wantedSum struct{ digest, name string }

func (c *sumCommand) readList(list string) (wanted []wantedSum, err error) {
	d, err := mmapguard.Load(list, mmapguard.WithSequential())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	lines := bufio.NewScanner(d.NewReader())
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		digest, name, ok := parseSumLine(line, c.algo.new().Size())
		if !ok {
			return nil, fmt.Errorf("%s:%d: %w", list, n, errNoSum)
		}
		wanted = append(wanted, wantedSum{digest, name})
	}
	return wanted, lines.Err()
}

// verify sums a file and compares.
func (c *sumCommand) verify(wanted wantedSum) error {
	report, err := c.sum(wanted.name)
	ok := err == nil && report.Digest == wanted.digest
	if err == nil && !ok {
		err = fmt.Errorf("%s: %w", wanted.name, errMismatch)
		report.Error = asFailure(err)
	}
	report.OK = &ok
	c.reports = append(c.reports, report)
	if c.json {
		return err
	}
	verdict := "OK"
	if !ok {
		verdict = "FAILED"
	}
	return errors.Join(err, c.printf("%s: %s\n", escapeName.Replace(wanted.name), verdict))
}
