package conformance

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

// offer tells whether a mechanism is to be had in a directory.
type offer struct {
	Mechanism mmapguard.Mechanism
	Reason    string // why it is not; empty if it is
}

// probe asks in a process of its own which mechanisms there are.
func probe(ctx context.Context, o order) ([]offer, error) {
	var offers []offer
	_, err := run(ctx, "probe", o, &offers)
	return offers, err
}

// nothing offers no mechanism, all for the same reason.
func nothing(reason string) []offer {
	var offers []offer
	for _, m := range platformMechanisms() {
		offers = append(offers, offer{m, reason})
	}
	return offers
}

func probeHere(o order) ([]offer, error) {
	var offers []offer
	for _, m := range platformMechanisms() {
		o.Mechanism = m
		phase(m)
		offers = append(offers, offer{m, unavailable(o.env())})
	}
	return offers, nil
}

// unavailable is the reason why a mechanism is not to be had, or empty.
func unavailable(e *Env) (reason string) {
	defer func() {
		if v, ok := recover().(verdict); ok {
			reason = v.Detail
		}
	}()
	for _, name := range e.samples() {
		d, err := mmapguard.MapFile(name, e.options()...)
		if err == nil {
			e.close(d)
			return ""
		}
		reason = e.withoutDir(explain(err))
	}
	return reason
}

// withoutDir is a reason without the name of the case's own directory, which
// says nothing to anybody.
func (e *Env) withoutDir(reason string) string {
	if e.Dir == "" {
		return reason
	}
	reason = strings.ReplaceAll(reason, e.Dir+string(filepath.Separator), "")
	return strings.ReplaceAll(reason, e.Dir, "the directory")
}

// samples are files to try a mechanism on.
func (e *Env) samples() []string {
	if e.Dir == "" {
		if len(e.Content) == 0 {
			e.notOffered("nothing may be written here, and there is no file to read")
		}
		return e.Content
	}
	return []string{e.file("probe-"+string(e.Mechanism), before(some()))}
}

// explain is the last reason in an error of a climb of the ladder, which has
// named the file and the guarantee before.
func explain(err error) string {
	const mark = "unsupported: "
	text := err.Error()
	if i := strings.LastIndex(text, mark); i >= 0 && errors.Is(err, mmapguard.ErrUnsupported) {
		return text[i+len(mark):]
	}
	return text
}
