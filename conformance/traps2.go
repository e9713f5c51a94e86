package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/conformance/internal/child"
	"github.com/mmapguard/go/mmapguard"
)

// TRAP-2 to TRAP-4: what a fault leaves behind, and what looks like one.
var traps2 = []Case{
	{
		ID:      "TRAP-2/copied-first-is-caught",
		Promise: "A value copied to a variable before it is sent or printed faults in the callback, where it is caught.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(copiedFirstIsCaught),
	},
	{
		ID:      "TRAP-2/deferred-unlock-runs",
		Promise: "What a callback deferred runs when a fault ends it.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(deferredUnlockRuns),
	},
	{
		ID:      "TRAP-2/runtime-copies-stay-fatal",
		Promise: "As documented, a channel send straight from lent bytes that fault ends the program: it neither hangs nor goes on.",
		Applies: Applies{Mechanisms: shared, Platforms: onUnix, Needs: Files | Faults},
		Run:     judge(runtimeCopiesStayFatal),
	},
	{
		ID:      "TRAP-3/destination-after-fault",
		Promise: "A read that faults half way reports 0 bytes: what is in the destination is no prefix.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(destinationAfterFault),
	},
	{
		ID:      "TRAP-3/reader-stands-still",
		Promise: "A Reader whose read faults does not move, and goes on where the bytes are good.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(readerStandsStill),
	},
	{
		ID:      "TRAP-4/nil-dereference-goes-on",
		Promise: "The use of a nil pointer in a callback is no fault of the file's.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(nilDereferenceGoesOn),
	},
	{
		ID:      "TRAP-4/sent-signal-is-no-fault",
		Promise: "A SIGBUS or SIGSEGV that another process sends is not taken for a fault.",
		Applies: Applies{Mechanisms: shared, Platforms: onUnix, Needs: Files},
		Run:     judge(sentSignalIsNoFault),
	},
}

func copiedFirstIsCaught(e *Env) {
	d := e.truncated()
	defer e.close(d)
	ch := make(chan byte, 1)
	err := d.View(func(b []byte) error {
		v := b[0]
		ch <- v
		return nil
	})
	e.wantFault(err, 0, d.Size(), "View")
	e.check(len(ch) == 0, "a value was sent all the same")
}

func deferredUnlockRuns(e *Env) {
	d := e.truncated()
	defer e.close(d)
	var mu sync.Mutex
	err := d.View(func(b []byte) error {
		mu.Lock()
		defer mu.Unlock()
		_, err := use(b)
		return err
	})
	e.wantFault(err, 0, d.Size(), "View")
	e.check(mu.TryLock(), "the mutex is still locked")
}

func init() {
	child.Register("send", func(args []string) error { return sendStraight(args[0]) })
	child.Register("view", func(args []string) error { return viewForEver(args[0]) })
}

// sendStraight lets the runtime itself read lent bytes that fault.
func sendStraight(path string) error {
	//guardvet:ignore neverclosed the process is not to survive
	d, err := mmapguard.MapFile(path)
	if err != nil {
		return err
	}
	if err := attackOnce(attack.Order{Op: attack.Truncate, Path: path}); err != nil {
		return err
	}
	ch := make(chan byte, 1)
	err = d.View(func(b []byte) error {
		//guardvet:ignore lentsend that this ends the process is what the case shows
		ch <- b[0]
		return nil
	})
	fmt.Println("survived:", err)
	return nil
}

func attackOnce(o attack.Order) error {
	p, err := attack.Start(context.Background())
	if err != nil {
		return err
	}
	return errors.Join(p.Do(o), p.End())
}

func runtimeCopiesStayFatal(e *Env) {
	if raceDetector {
		e.notOffered("the race detector looks at the byte before the runtime does")
	}
	path := e.file("f", before(some()))
	cmd, err := child.Command(context.Background(), "send", path)
	e.must(err, "starting a process")
	cmd.SysProcAttr = nil
	out, err := cmd.CombinedOutput()
	e.check(!strings.Contains(string(out), "survived"), "the program went on: %s", out)
	e.check(err != nil && strings.Contains(string(out), "fault"), "the program ended with %v: %s", err, headline(string(out)))
}

// viewForEver is in a View until it is killed.
func viewForEver(path string) error {
	//guardvet:ignore neverclosed the process is killed within the View
	d, err := mmapguard.MapFile(path)
	if err != nil {
		return err
	}
	err = d.View(func(b []byte) error {
		fmt.Println("ready")
		for sum := byte(0); ; sum += b[len(b)/2] {
			if sum == 0xff && len(b) == 0 {
				return nil
			}
		}
	})
	fmt.Println("survived:", err)
	return nil
}

func sentSignalIsNoFault(e *Env) {
	path := e.file("f", before(some()))
	for _, sig := range faultSignals {
		cmd, err := child.Command(context.Background(), "view", path)
		e.must(err, "starting a process")
		cmd.SysProcAttr = nil
		stdout, err := cmd.StdoutPipe()
		e.must(err, "starting a process")
		e.must(cmd.Start(), "starting a process")
		_, err = fmt.Fscanln(stdout, new(string))
		e.must(err, "waiting for the process")
		e.must(cmd.Process.Signal(sig), "sending a signal")
		rest, err := io.ReadAll(stdout)
		e.must(err, "reading what the process says")
		e.check(cmd.Wait() != nil && len(rest) == 0, "%v: the process went on: %s", sig, rest)
	}
}

func destinationAfterFault(e *Env) {
	n := some()
	path := e.file("f", before(n))
	d := e.mapFile(path)
	defer e.close(d)
	if !e.attack(attack.Order{Op: attack.Truncate, Path: path, Size: int64(pages(32))}) {
		e.notOffered("a file that is mapped cannot be truncated here")
	}
	got, err := d.ReadAt(make([]byte, n), 0)
	e.wantFault(err, 0, d.Size(), "ReadAt")
	e.check(got == 0, "%d bytes were reported as read", got)
	good := make([]byte, pages(32))
	got, err = d.ReadAt(good, 0)
	e.check(got == len(good) && err == nil, "the pages that are left: %d bytes, %v", got, err)
	e.same(good, before(n)[:len(good)], "the pages that are left")
}

func readerStandsStill(e *Env) {
	n := some()
	path := e.file("f", before(n))
	d := e.mapFile(path)
	defer e.close(d)
	if !e.attack(attack.Order{Op: attack.Truncate, Path: path, Size: int64(pages(2))}) {
		e.notOffered("a file that is mapped cannot be truncated here")
	}
	r := d.NewReader()
	got, err := r.Read(make([]byte, n))
	e.check(got == 0, "%d bytes were reported as read", got)
	e.wantFault(err, 0, d.Size(), "Read")
	first, err := r.ReadByte()
	e.check(err == nil && first == before(1)[0], "ReadByte after the fault: %#x, %v", first, err)
}

func nilDereferenceGoesOn(e *Env) {
	d := e.mapFile(e.file("f", before(some())))
	defer e.close(d)
	var nowhere *[16]byte
	var returned error
	panicked := func() (p any) {
		defer func() { p = recover() }()
		returned = d.View(func([]byte) error { nowhere[len(os.Args)%8]++; return nil })
		return nil
	}()
	e.check(panicked != nil, "View returned %v for a nil pointer", returned)
	text := fmt.Sprint(panicked)
	e.check(strings.Contains(text, "nil pointer"), "the panic is %s, want that of a nil pointer", text)
}
