package lifetime

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/flow"
	"github.com/mmapguard/go/tools/guardvet/internal/lent"
	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

// A Use is a use of mapped bytes after their mapping was closed.
type Use struct {
	Pos token.Pos
	// Deferred tells that a deferred call closes, and the bytes are returned.
	Deferred bool
}

// Stale finds such uses in a function.
func Stale(p *flow.Package, fn *ssa.Function) []Use {
	var uses []Use
	for c := range lent.Calls(fn) {
		call, ok := c.(*ssa.Call)
		if !ok {
			continue
		}
		if m, bytes := taken(call); bytes != nil {
			s := &stale{mapping: flow.Path(m), taken: call, trace: p.Of(fn, bytes)}
			uses = append(uses, s.uses(fn)...)
		}
	}
	return uses
}

// taken is the mapping and the slice that a call makes of it.
func taken(call *ssa.Call) (m, bytes ssa.Value) {
	if m := mapping.Taken(&call.Call); m != nil {
		return m, call
	}
	if s := mapping.Opens(&call.Call); s != nil && s.Slice() {
		first := lent.First(call)
		return first, first
	}
	return nil, nil
}

// stale follows the bytes that one call returned.
type stale struct {
	mapping string
	taken   *ssa.Call
	trace   *flow.Trace
	found   []Use
}

// state is the set of values that refer to memory that is gone.
type state map[ssa.Value]bool

func (s *stale) uses(fn *ssa.Function) []Use {
	var deferred bool
	for c := range lent.Calls(fn) {
		switch c := c.(type) {
		case *ssa.Call:
			if s.closes(&c.Call) {
				s.from(c)
			}
		case *ssa.Defer:
			deferred = deferred || s.closes(&c.Call)
		}
	}
	if deferred {
		s.returned(fn)
	}
	return s.found
}

// closes tells whether a call closes the mapping. A mapping that is a slice may
// have been stored in a variable, by whose address it is closed.
func (s *stale) closes(c *ssa.CallCommon) bool {
	m := mapping.Closed(c)
	if m == nil {
		return false
	}
	if flow.Path(m) == s.mapping {
		return true
	}
	alloc, ok := m.(*ssa.Alloc)
	if !ok {
		if load, isLoad := m.(*ssa.UnOp); isLoad {
			alloc, ok = load.X.(*ssa.Alloc)
		}
	}
	return ok && s.holdsMapping(alloc)
}

func (s *stale) holdsMapping(alloc *ssa.Alloc) bool {
	for _, r := range *alloc.Referrers() {
		if st, ok := r.(*ssa.Store); ok && st.Addr == alloc && flow.Path(st.Val) == s.mapping {
			return true
		}
	}
	return false
}

// from looks at what may run after a call that closes.
func (s *stale) from(closing *ssa.Call) {
	in := map[*ssa.BasicBlock]state{}
	first := s.run(flow.After(closing), s.known(closing))
	work := s.flow(closing.Block(), first, in, nil)
	for len(work) > 0 {
		b := work[0]
		work = s.flow(b, s.run(b.Instrs, copied(in[b])), in, work[1:])
	}
}

// known is everything that refers to the bytes when they go.
func (s *stale) known(closing *ssa.Call) state {
	gone := state{}
	for _, b := range closing.Parent().Blocks {
		for _, instr := range b.Instrs {
			v, ok := instr.(ssa.Value)
			if ok && s.refers(v) && (b.Dominates(closing.Block()) && (b != closing.Block() || before(instr, closing))) {
				gone[v] = true
			}
		}
	}
	// Closing by the address of the slice sets the slice to nil.
	if alloc, ok := mapping.Closed(&closing.Call).(*ssa.Alloc); ok {
		delete(gone, alloc)
	}
	return gone
}

// refers tells whether a value refers to the bytes. A function that captures
// them is left out: when it runs is not known.
func (s *stale) refers(v ssa.Value) bool {
	_, fn := v.Type().Underlying().(*types.Signature)
	return !fn && s.trace.Refers(v)
}

func before(a, b ssa.Instruction) bool {
	for _, instr := range a.Block().Instrs {
		switch instr {
		case a:
			return true
		case b:
			return false
		}
	}
	return false
}

// flow hands the state at the end of a block on, and returns what has to be
// looked at again.
func (s *stale) flow(b *ssa.BasicBlock, out state, in map[*ssa.BasicBlock]state, work []*ssa.BasicBlock) []*ssa.BasicBlock {
	for _, next := range b.Succs {
		had := in[next]
		if had == nil {
			had = state{}
			in[next] = had
		}
		size := len(had)
		for v := range s.through(b, next, out) {
			had[v] = true
		}
		if len(had) > size {
			work = append(work, next)
		}
	}
	return work
}

// through is a state on the way from one block to the next: a Phi there takes
// the value that belongs to this way.
func (s *stale) through(from, to *ssa.BasicBlock, out state) state {
	next := copied(out)
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		delete(next, phi)
		for i, pred := range to.Preds {
			if pred == from && out[phi.Edges[i]] {
				next[phi] = true
			}
		}
	}
	return next
}

func copied(s state) state {
	c := make(state, len(s))
	for v := range s {
		c[v] = true
	}
	return c
}

// run passes through instructions, reports uses, and changes the state.
func (s *stale) run(instrs []ssa.Instruction, gone state) state {
	for _, instr := range instrs {
		if use := used(instr, gone); use.IsValid() {
			s.add(use, false)
		}
		s.update(instr, gone)
	}
	return gone
}

func (s *stale) update(instr ssa.Instruction, gone state) {
	if st, ok := instr.(*ssa.Store); ok {
		if gone[st.Val] {
			gone[variable(st.Addr)] = true
		} else {
			delete(gone, st.Addr)
		}
		return
	}
	v, ok := instr.(ssa.Value)
	if !ok {
		return
	}
	if _, phi := instr.(*ssa.Phi); phi {
		return // done on the way in
	}
	delete(gone, v)
	if v != ssa.Value(s.taken) && s.refers(v) && operand(instr, gone) {
		gone[v] = true
	}
}

// variable is the variable that an address lies in.
func variable(addr ssa.Value) ssa.Value {
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		default:
			return addr
		}
	}
}

func operand(instr ssa.Instruction, gone state) bool {
	for _, op := range instr.Operands(nil) {
		if *op != nil && gone[*op] {
			return true
		}
	}
	return false
}

func (s *stale) add(pos token.Pos, deferred bool) {
	for _, u := range s.found {
		if u.Pos == pos {
			return
		}
	}
	s.found = append(s.found, Use{pos, deferred})
}
