package peer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// dirVar, in the environment, makes the program the other process, which works
// in the directory named.
const dirVar = "MMAPGUARD_FUZZ_PEER"

// canStart tells that Main was called, so that the program may start itself.
var canStart atomic.Bool

// Main does not return in the other process. It has to be the first thing in
// TestMain.
//
//nolint:revive // deep-exit: this is the main function of the other process
func Main() {
	dir := os.Getenv(dirVar)
	if dir == "" {
		canStart.Store(true)
		return
	}
	runtime.LockOSThread() // the leases' signals go to the process; nothing else runs here
	err := serve(newHands(dir))
	// The directory is removed from here, because a fuzzing process is killed
	// when its time is over, and this one sees it end.
	if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
		fmt.Fprintln(os.Stderr, "the other process:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve carries out orders until there are no more.
func serve(h *hands) error {
	var request [orderSize]byte
	var answer [answerSize]byte
	for {
		n, err := unix.Read(unix.Stdin, request[:])
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil || n == 0:
			return err
		case n < orderSize: // pipes do not split what is shorter than PIPE_BUF
			return io.ErrUnexpectedEOF
		}
		number, err := errno(h.do(decode(request)))
		if err != nil {
			return err
		}
		binary.LittleEndian.PutUint32(answer[:], uint32(number))
		if _, err := unix.Write(unix.Stdout, answer[:]); err != nil {
			return err
		}
	}
}

// errno is the system's error number, if that is what the error is.
func errno(err error) (unix.Errno, error) {
	var number unix.Errno
	if err == nil || errors.As(err, &number) {
		return number, nil
	}
	return 0, err
}

// Peer is the other process.
type Peer struct {
	in  io.WriteCloser
	out io.Reader
	own *hands // instead of a process
}

// Start starts it. It ends with this process, and removes the directory then.
func Start(dir string) (*Peer, error) {
	if !canStart.Load() {
		return &Peer{own: newHands(dir)}, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), dirVar+"="+dir, "GORACE="+os.Getenv("GORACE")+" atexit_sleep_ms=0")
	cmd.Stderr = os.Stderr
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr, cmd.Start()); err != nil {
		return nil, err
	}
	return &Peer{in: in, out: out}, nil
}

// Process tells whether it is a process of its own.
func (p *Peer) Process() bool { return p.own == nil }

// Do gives an order, and returns the system's answer to it; the error means that
// the order was not understood, or the process is gone.
func (p *Peer) Do(o Order) (unix.Errno, error) {
	if p.own != nil {
		return errno(p.own.do(o))
	}
	request := o.encode()
	if _, err := p.in.Write(request[:]); err != nil {
		return 0, fmt.Errorf("the other process: %w", err)
	}
	var answer [answerSize]byte
	if _, err := io.ReadFull(p.out, answer[:]); err != nil {
		return 0, fmt.Errorf("the other process: %w", err)
	}
	return unix.Errno(binary.LittleEndian.Uint32(answer[:])), nil
}
