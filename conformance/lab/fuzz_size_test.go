//go:build linux

package lab

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

var sizeForm = regexp.MustCompile(`^([+-]?[0-9]+)([KMGTkmgt]?)$`)

// FuzzParseSize reads sizes as the laboratory's flags take them, and compares
// with numbers that know no overflow: 1 to 2^62 bytes are taken.
func FuzzParseSize(f *testing.F) {
	for _, text := range []string{"1", "300M", "12g", "4194304T", "4194305T", "4611686018427387904", "0", "-1", "", "K", "1KK", "9223372036854775808"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want := new(big.Int)
		if m := sizeForm.FindStringSubmatch(text); m != nil {
			want.SetString(strings.TrimPrefix(m[1], "+"), 10)
			if m[2] != "" {
				unit := 1 + strings.Index("KMGT", strings.ToUpper(m[2]))
				want.Mul(want, new(big.Int).Exp(big.NewInt(1024), big.NewInt(int64(unit)), nil))
			}
		}
		taken := want.Sign() > 0 && want.Cmp(new(big.Int).Lsh(big.NewInt(1), 62)) <= 0
		got, err := ParseSize(text)
		if (err == nil) != taken || taken && want.Cmp(big.NewInt(got)) != 0 {
			t.Fatalf("%q is %d, %v; want %v", text, got, err, want)
		}
		if err != nil && !strings.Contains(err.Error(), "300M") {
			t.Fatalf("%q: %v does not say what a size looks like", text, err)
		}
	})
}
