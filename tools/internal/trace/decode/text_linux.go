//go:build amd64 || arm64

package decode

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
)

const (
	// maxString is the longest name that the kernel takes (limits.h, PATH_MAX).
	maxString = 4096
	// maxList bounds a list of names, as that of the arguments of a program.
	maxList  = 32
	pageSize = 4096 // the smallest that there is; a string is read to its end
)

// path shows the name that an argument points to.
func (d *Decoder) path(c *ptrace.Call, a *event.Arg) {
	if a.Raw == 0 {
		a.Text = "NULL"
		return
	}
	text, ok := d.readString(c.TID, a.Raw)
	if !ok {
		a.Text = address(a.Raw)
		return
	}
	a.Path, a.Text = text, strconv.Quote(text)
}

// readString reads up to the zero at the end. Reading stops at the end of a
// page first, because the next may not be there, and most names end before.
func (d *Decoder) readString(pid int, addr uint64) (string, bool) {
	read := 0
	for read < maxString {
		at := addr + uint64(read) // #nosec G115 -- below maxString
		part := min(maxString-read, pageSize-int(at%pageSize))
		n, err := ptrace.ReadMemory(pid, at, d.text[read:read+part])
		if err != nil {
			return "", false
		}
		if end := bytes.IndexByte(d.text[read:read+n], 0); end >= 0 {
			return string(d.text[:read+end]), true
		}
		read += n
	}
	return string(d.text[:read]), true
}

// list shows the names that an array points to. Of an environment, which may
// hold secrets and is long, only the number is told.
func (d *Decoder) list(pid int, addr uint64, name string) string {
	if addr == 0 {
		return "NULL"
	}
	var words []string
	n := 0
	for ; n < maxString; n++ {
		pointer, ok := readWord(pid, addr+8*uint64(n)) // #nosec G115 -- a small number
		if !ok || pointer == 0 {
			break
		}
		if name == "envp" || n >= maxList {
			continue
		}
		word, _ := d.readString(pid, pointer)
		words = append(words, strconv.Quote(word))
	}
	if name == "envp" {
		return fmt.Sprintf("%#x /* %d vars */", addr, n)
	}
	if n > len(words) {
		words = append(words, "...")
	}
	return "[" + strings.Join(words, ", ") + "]"
}

func readWord(pid int, addr uint64) (uint64, bool) {
	var word [8]byte
	n, err := ptrace.ReadMemory(pid, addr, word[:])
	return binary.NativeEndian.Uint64(word[:]), err == nil && n == len(word)
}

func address(v uint64) string {
	if v == 0 {
		return "NULL"
	}
	return "0x" + strconv.FormatUint(v, 16)
}

// unsigned shows a number, or an address that the kernel's description calls one
// because it depends on the other arguments. Addresses are beyond 32 bits.
func unsigned(v uint64) string {
	if v>>32 != 0 {
		return address(v)
	}
	return strconv.FormatUint(v, 10)
}

func octal(v uint64) string {
	if v == 0 {
		return "0"
	}
	return "0" + strconv.FormatUint(v, 8)
}

func signed(v uint64, narrow bool) string {
	if narrow {
		return strconv.FormatInt(int64(int32(v)), 10) // #nosec G115 -- the sign is what is wanted
	}
	return strconv.FormatInt(int64(v), 10) // #nosec G115 -- the same
}

// SignalName is the name of a signal; those for real time have none.
func (d *Decoder) SignalName(n int) string {
	if names, rest := d.table.Split("signal", uint64(n)); rest == 0 && len(names) > 0 { // #nosec G115 -- a small number
		return names[0]
	}
	return "SIG" + strconv.Itoa(n)
}

// signalNumber shows an argument: 0 asks whether a process is there (kill(2)).
func (d *Decoder) signalNumber(n int) string {
	if n <= 0 {
		return strconv.Itoa(n)
	}
	return d.SignalName(n)
}

// restarts are answers that the program never sees: the kernel makes the call
// again, or turns them into EINTR (linux/errno.h).
var restarts = map[int64]string{
	512: "ERESTARTSYS", 513: "ERESTARTNOINTR", 514: "ERESTARTNOHAND", 516: "ERESTART_RESTARTBLOCK",
}

func (d *Decoder) errnoName(number int64) string {
	if names, rest := d.table.Split("errno", uint64(number)); rest == 0 && len(names) > 0 { // #nosec G115 -- a small number
		return names[0]
	}
	if name, ok := restarts[number]; ok {
		return name
	}
	return "E" + strconv.FormatInt(number, 10)
}
