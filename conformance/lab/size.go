//go:build linux

package lab

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseSize reads a number of bytes with an optional K, M, G or T (powers of
// 1024). It accepts neither zero nor negative numbers.
func ParseSize(s string) (int64, error) {
	digits, shift := s, 0
	if i := strings.IndexByte("KMGT", last(s)); i >= 0 {
		digits, shift = s[:len(s)-1], 10*(i+1)
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n <= 0 || n > (1<<62)>>shift {
		return 0, fmt.Errorf("size %q is not a number of bytes like 300M or 12G", s)
	}
	return n << shift, nil
}

// last is the last byte of s, upper case; 0 of nothing.
func last(s string) byte {
	if s == "" {
		return 0
	}
	return strings.ToUpper(s[len(s)-1:])[0]
}
