package cli

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

// nearlyMax is where rounding for people may lead beyond the largest size.
const nearlyMax = 7 << 60

var (
	plainNumber = regexp.MustCompile(`^[0-9]+$`)
	maxSize     = big.NewInt(1<<63 - 1)
)

// FuzzSize reads sizes as users write them. A plain number means exactly itself,
// or is refused; whatever is taken is told back so that it can be read again.
func FuzzSize(f *testing.F) {
	for _, text := range []string{"0", "4096", "64MiB", "1.5 kB", "9007199254740993", "9223372036854775807", "9223372036854775808", "-1", "1e3", "٣"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var size, again sizeFlag
		err := size.Set(text)
		if plainNumber.MatchString(text) {
			want, _ := new(big.Int).SetString(text, 10)
			if fits := want.Cmp(maxSize) <= 0; fits != (err == nil) || fits && want.Int64() != int64(size) {
				t.Fatalf("%q is %d, %v", text, size, err)
			}
		}
		if err != nil {
			return
		}
		if size < 0 {
			t.Fatalf("%q is %d", text, size)
		}
		if err := again.Set(size.String()); err != nil && size < nearlyMax {
			t.Fatalf("%q is %d, which is told as %q: %v", text, size, size.String(), err)
		}
	})
}

// FuzzNames reads the names that flags take: each is one of a list, in any case.
func FuzzNames(f *testing.F) {
	for _, text := range append(guaranteeNames(), algorithmNames()...) {
		f.Add(text)
	}
	f.Add("ıSOLATED")
	f.Fuzz(func(t *testing.T, text string) {
		var guarantee guaranteeFlag
		if err := guarantee.Set(text); (err == nil) != listed(text, guaranteeNames()) || err == nil && !strings.EqualFold(guarantee.String(), text) {
			t.Fatalf("guarantee %q is %v, %v", text, guarantee.String(), err)
		}
		algo := algorithms[0]
		if err := algo.Set(text); (err == nil) != listed(text, algorithmNames()) || err == nil && !strings.EqualFold(algo.Name, text) {
			t.Fatalf("algorithm %q is %s, %v", text, algo.Name, err)
		}
	})
}

// listed is the slow way to look a name up.
func listed(text string, names []string) bool {
	for _, name := range names {
		if strings.EqualFold(text, name) {
			return true
		}
	}
	return false
}

// FuzzSumLine writes lines of checksums for any name, and reads any line. What
// is written is read back as it was, and what is read and written again too.
func FuzzSumLine(f *testing.F) {
	f.Add("name", sumOfABC+"  name")
	f.Add("line\nbreak\\ and \r", `\`+sumOfABC+`  a\nb\\`)
	f.Add("*", sumOfABC+" *binary")
	f.Add("x", "00  short")
	f.Fuzz(func(t *testing.T, name, line string) {
		if name != "" {
			written := sumLine(sumOfABC, name)
			if strings.ContainsAny(written, "\n\r") {
				t.Fatalf("the line of %q is two: %q", name, written)
			}
			wantSum(t, written, sumOfABC, name)
		}
		if digest, name, ok := parseSumLine(line, len(sumOfABC)/2); ok {
			if len(digest) != len(sumOfABC) {
				t.Fatalf("%q has a digest of %d digits", line, len(digest))
			}
			wantSum(t, sumLine(digest, name), digest, name)
		}
	})
}

func wantSum(t *testing.T, line, digest, name string) {
	t.Helper()
	gotDigest, gotName, ok := parseSumLine(line, len(digest)/2)
	if !ok || gotDigest != digest || gotName != name {
		t.Fatalf("%q is read as %q, %q, %v; want %q, %q", line, gotDigest, gotName, ok, digest, name)
	}
}
