package property

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"
)

// stalling is what a writer has whose writes stop half way: a source of which
// the second half is missing until it is filled from spare.
var stalling struct {
	source, spare []byte
	fault         *userfault
	input         *bufio.Reader
}

func (a *attack) holdStalling() error {
	if err := a.hold(); err != nil {
		return err
	}
	return a.prepareStall()
}

// holdStallingDirect is for writes past the page cache.
func (a *attack) holdStallingDirect() error {
	if err := a.holdDirect(); err != nil {
		return err
	}
	return a.prepareStall()
}

func (a *attack) prepareStall() (err error) {
	s := &stalling
	s.input = bufio.NewReader(os.Stdin)
	if s.source, err = anonymous(a.Size); err != nil {
		return err
	}
	if s.spare, err = anonymous(a.Size / 2); err != nil {
		return err
	}
	s.fault, err = newUserfault(s.source[a.Size/2:])
	return err
}

// stall writes a version, and calls during while the write stands still with
// part of the file rewritten.
func (a *attack) stall(during func() error) error {
	s := &stalling
	setVersion(s.source[:a.Size/2], a.next)
	setVersion(s.spare, a.next)
	if err := s.fault.empty(); err != nil {
		return err
	}
	a.next++
	written := make(chan error, 1)
	go func() { written <- writeAll(a.file, s.source, 0) }()
	if err := s.fault.await(); err != nil {
		return err
	}
	return errors.Join(during(), s.fault.fill(s.spare), <-written)
}

func (a *attack) stallBriefly() error {
	a.pause()
	return a.stall(func() error {
		time.Sleep(time.Duration(rand.Int64N(int64(2 * time.Millisecond))))
		return nil
	})
}

// stallUntilTold waits for a line before it stalls, says "stalled", and goes on
// after the next line.
func (a *attack) stallUntilTold() error {
	if a.told() {
		return nil
	}
	err := a.stall(func() error {
		fmt.Println("stalled")
		a.told()
		return nil
	})
	fmt.Println("resumed")
	return err
}

// told waits for a line. It reports whether the input has ended.
func (a *attack) told() (ended bool) {
	if _, err := stalling.input.ReadString('\n'); err != nil {
		a.stop.Store(errors.Is(err, io.EOF))
		return true
	}
	return false
}
