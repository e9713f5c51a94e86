package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/mmapguard/go/conformance/internal/child"
	"github.com/mmapguard/go/mmapguard"
)

// Main turns the process into what another process of the suite needs, and
// exits, if it was started for that; otherwise it returns at once. A program
// that calls [Run] has to call it first thing in main, or in TestMain.
func Main() { child.Main() }

func init() {
	child.Register("case", func(args []string) error { return answer(args, runHere) })
	child.Register("storage", func(args []string) error { return answer(args, storageHere) })
	child.Register("probe", func(args []string) error { return answer(args, probeHere) })
}

// order is what a process is to do: one run of one case.
type order struct {
	ID        string
	Mechanism mmapguard.Mechanism
	Dir       string
	Content   []string
	NoFaults  bool
	Damage    string
}

func (o order) env() *Env {
	return &Env{
		Dir: o.Dir, Content: o.Content, NoFaults: o.NoFaults, Damage: o.Damage,
		Mechanism: o.Mechanism, Guarantee: guaranteeOf(o.Mechanism),
	}
}

// answer takes an order from the command line and writes the outcome to
// standard output.
func answer[T any](args []string, do func(order) (T, error)) error {
	var o order
	if len(args) != 1 {
		return errors.New("want one order")
	}
	if err := json.Unmarshal([]byte(args[0]), &o); err != nil {
		return fmt.Errorf("order: %w", err)
	}
	// What a case prints must not be taken for its verdict.
	out := os.Stdout
	os.Stdout = os.Stderr
	outcome, err := do(o)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(outcome)
}

func runHere(o order) (Verdict, error) {
	c, ok := Find(o.ID)
	if !ok {
		return Verdict{}, fmt.Errorf("no case %q", o.ID)
	}
	e := o.env()
	defer e.done()
	phase(o.Mechanism)
	return c.Run(e), nil
}
