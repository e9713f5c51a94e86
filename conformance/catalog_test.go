package conformance

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var wellFormed = regexp.MustCompile(`^(SR-[1-9]|AV-[1-9]|TRAP-[1-9][0-9]?)/[a-z0-9]+(-[a-z0-9]+)*$`)

func TestIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Catalog() {
		if !wellFormed.MatchString(c.ID) {
			t.Errorf("%q is not a well-formed ID", c.ID)
		}
		if seen[c.ID] {
			t.Errorf("%s is there twice", c.ID)
		}
		seen[c.ID] = true
		if c.Run == nil || !strings.HasSuffix(c.Promise, ".") {
			t.Errorf("%s has no procedure, or no sentence for a promise", c.ID)
		}
	}
	if len(seen) < 55 {
		t.Errorf("%d cases, want 55 or more", len(seen))
	}
}

// TestEveryRequirementHasCases looks for a case of every requirement, attack
// and trap, and for those whose names others rely on.
func TestEveryRequirementHasCases(t *testing.T) {
	groups := map[string]bool{}
	for _, c := range Catalog() {
		group, _, _ := strings.Cut(c.ID, "/")
		groups[group] = true
	}
	for kind, n := range map[string]int{"SR": 7, "AV": 5, "TRAP": 17} {
		for i := range n {
			if name := fmt.Sprintf("%s-%d", kind, i+1); !groups[name] {
				t.Errorf("%s has no case", name)
			}
		}
	}
	for _, id := range []string{"SR-6/lock-held-until-unmap", "AV-2/truncate-while-mapped", "TRAP-3/destination-after-fault"} {
		if _, ok := Find(id); !ok {
			t.Errorf("there is no case %s", id)
		}
	}
}

// TestEveryMechanismIsTried finds a mechanism of the library that no case is
// run with.
func TestEveryMechanismIsTried(t *testing.T) {
	for _, m := range platformMechanisms() {
		n := 0
		for _, c := range Catalog() {
			for _, with := range c.Applies.Mechanisms {
				if with == m {
					n++
				}
			}
		}
		if n < 10 {
			t.Errorf("%s is tried by %d cases, want 10 or more", m, n)
		}
	}
}
