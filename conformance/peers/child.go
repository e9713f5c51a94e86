package peers

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// child is the process in which a hazard meets a peer. It reports and does not
// judge; it dies of whatever it dies of.
type child struct {
	peer Peer
	path string

	mu   sync.Mutex
	out  *json.Encoder
	in   *bufio.Reader
	said map[string]bool
}

// ChildCommand is the first argument of a process that is a child: it is
// followed by a hazard's id, a peer's name and the path to open.
const ChildCommand = "child"

// Child runs one hazard against one peer; args follow ChildCommand. It returns
// an error if the process was started wrongly, never for what the peer did.
func Child(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 3 {
		return fmt.Errorf("%s wants a hazard, a peer and a path, got %q", ChildCommand, args)
	}
	h, err := findHazard(args[0])
	if err != nil {
		return err
	}
	p, err := findPeer(args[1])
	if err != nil {
		return err
	}
	c := &child{peer: p, path: args[2], out: json.NewEncoder(out), in: bufio.NewReader(in), said: map[string]bool{}}
	h.Meet(c)
	c.say(event{Kind: finished})
	return nil
}

func findHazard(id string) (Hazard, error) {
	for _, h := range Hazards() {
		if h.ID == id {
			return h, nil
		}
	}
	return Hazard{}, fmt.Errorf("no hazard %q", id)
}

func findPeer(name string) (Peer, error) {
	for _, p := range Peers() {
		if p.Name == name {
			return p, nil
		}
	}
	return Peer{}, fmt.Errorf("no peer %q", name)
}

// say reports an event, once: hazards that try many times see the same often.
func (c *child) say(e event) {
	line, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.said[string(line)] {
		return
	}
	c.said[string(line)] = true
	if err := c.out.Encode(json.RawMessage(line)); err != nil {
		c.giveUp("talking to the parent", err)
	}
}

// BrokenCode is the exit code for a failure of the harness, above all of a child
// that could not do its part. Go's own crashes exit with 2.
const BrokenCode = 3

// giveUp ends a child that has lost its parent or could not prepare itself.
func (c *child) giveUp(what string, err error) {
	fmt.Fprintf(os.Stderr, "hazards: %s: %v\n", what, err)
	os.Exit(BrokenCode) //nolint:revive // some goroutine of a child has nobody to return to
}

// await lets the parent strike, and returns when it has.
func (c *child) await() {
	c.say(event{Kind: ready})
	if _, err := c.in.ReadString('\n'); err != nil {
		c.giveUp("talking to the parent", err)
	}
}

func (c *child) measure(op, format string, args ...any) {
	c.say(event{Kind: measured, Op: op, Text: fmt.Sprintf(format, args...)})
}

func (c *child) fail(op string, err error) {
	c.say(event{Kind: gotError, Op: op, Text: err.Error()})
}

// open opens the hazard's file; nil means that the peer refused, and said so.
func (c *child) open() Handle { return c.openAs("open", c.path) }

func (c *child) openAs(op, path string) Handle {
	c.say(event{Kind: began, Op: op})
	return c.openBeside(op, path)
}

// openBeside opens while another goroutine is in a step of its own, which is
// the one that counts should the process die.
func (c *child) openBeside(op, path string) Handle {
	h, err := c.peer.Open(path)
	if err != nil {
		c.fail(op, err)
		return nil
	}
	return h
}

// read copies n bytes out and reports them.
func (c *child) read(op string, h Handle, n int64) {
	c.say(event{Kind: began, Op: op})
	p := make([]byte, n)
	got, err := h.ReadAt(p, 0)
	if err != nil && (!errors.Is(err, io.EOF) || int64(got) < n) {
		c.fail(op, err)
		return
	}
	c.say(event{Kind: sawBytes, Op: op, Saw: look(p[:got])})
}

// readBoth reads by copy and, where the peer shows it, through its own slice.
func (c *child) readBoth(h Handle) {
	c.read("read", h, h.Len())
	c.lend("slice", h, func(b []byte) {
		c.say(event{Kind: sawBytes, Op: "slice", Saw: look(b)})
	})
}

// lend runs fn with the peer's slice and reports whether there was one.
func (c *child) lend(op string, h Handle, fn func(b []byte)) bool {
	c.say(event{Kind: began, Op: op})
	err := h.Lend(fn)
	if err != nil && !errors.Is(err, errNoSlice) {
		c.fail(op, err)
	}
	return !errors.Is(err, errNoSlice)
}

// lack reports that the hazard finds nothing to touch.
func (c *child) lack(what string) { c.say(event{Kind: lacks, Text: what}) }

// askChanged reports what the peer itself knows about changes to its file.
func (c *child) askChanged(h Handle) {
	teller, ok := h.(changeTeller)
	if !ok {
		return
	}
	changed, err := teller.Changed()
	if err != nil {
		c.fail("Changed", err)
		return
	}
	if changed {
		c.say(event{Kind: toldChange, Op: "Changed", Text: "true"})
	}
}

// done closes a handle at the end of a hazard that is not about closing.
func (c *child) done(h Handle) {
	if err := h.Close(); err != nil {
		c.fail("close", err)
	}
}
