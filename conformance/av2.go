package conformance

import (
	"bytes"
	"errors"
	"os"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

// AV-2: the file is changed while it is mapped.
var av2 = []Case{
	{
		ID:      "AV-2/truncate-while-mapped",
		Promise: "After another process has truncated the file, reads are an error (Cooperative), or show what was there (all others).",
		Applies: Applies{Mechanisms: each, Needs: Files | SharedFaults},
		Run:     judge(truncateWhileMapped),
	},
	{
		ID:      "AV-2/truncate-within-view",
		Promise: "A truncation while a View runs ends it with an error (Cooperative), or does not show (all others).",
		Applies: Applies{Mechanisms: each, Needs: Files | SharedFaults},
		Run:     judge(truncateWithinView),
	},
	{
		ID:      "AV-2/rewrite-while-mapped",
		Promise: "A rewrite in place does not show, with every guarantee above Cooperative.",
		Applies: Applies{
			Mechanisms: append(append([]mmapguard.Mechanism{mmapguard.MechanismFsVerity}, enforced...), private...),
			Needs:      Files,
		},
		Run: judge(rewriteWhileMapped),
	},
	{
		ID:      "AV-2/growth-does-not-show",
		Promise: "A file that grows while it is mapped shows no more than it had.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(growthDoesNotShow),
	},
	{
		ID:      "AV-2/replaced-while-mapped",
		Promise: "Removing the file, or putting another in its place, changes nothing for the handle.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(replacedWhileMapped),
	},
	{
		ID:      "AV-2/every-reader-is-guarded",
		Promise: "ReadAt, Reader, View and WriteTo all survive a truncation.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(everyReaderIsGuarded),
	},
}

func truncateWhileMapped(e *Env) {
	want := before(some())
	path := e.file("f", want)
	d := e.mapFile(path)
	defer e.close(d)
	done := e.attack(attack.Order{Op: attack.Truncate, Path: path})
	if e.Mechanism != mmapguard.MechanismFlock || !done {
		e.shows(d, want, "after the truncation")
		return
	}
	n, err := d.ReadAt(make([]byte, len(want)), 0)
	e.check(n == 0, "%d bytes were reported as read", n)
	e.wantFault(err, 0, d.Size(), "ReadAt")
}

func truncateWithinView(e *Env) {
	want := before(some())
	path := e.file("f", want)
	d := e.mapFile(path)
	defer e.close(d)
	done := false
	err := d.View(func(b []byte) error {
		done = e.attack(attack.Order{Op: attack.Truncate, Path: path})
		e.same(bytes.Clone(b), want, "in the View")
		return nil
	})
	if e.Mechanism != mmapguard.MechanismFlock || !done {
		e.must(err, "View")
		return
	}
	e.wantFault(err, 0, d.Size(), "View")
}

func rewriteWhileMapped(e *Env) {
	want := before(some())
	path := e.file("f", want)
	d := e.mapFile(path)
	defer e.close(d)
	// Half of the pages have been touched: those of a map that is private in
	// name alone would stay, and the others would not.
	_, err := d.ReadAt(make([]byte, some()/2), 0)
	e.must(err, "reading")
	e.attack(attack.Order{Op: attack.Write, Path: path, Data: after(some())})
	e.shows(d, want, "after the rewrite")
}

func growthDoesNotShow(e *Env) {
	want := before(some())
	path := e.file("f", want)
	d := e.mapFile(path)
	defer e.close(d)
	e.attack(attack.Order{Op: attack.Append, Path: path, Data: after(some())})
	e.check(d.Len() == len(want), "Len is %d, want %d", d.Len(), len(want))
	e.showsEverywhere(d, want)
	e.exact(d)
}

func replacedWhileMapped(e *Env) {
	want := before(some())
	path := e.file("f", want)
	d := e.mapFile(path)
	defer e.close(d)
	err := e.enemy().Do(attack.Order{Op: attack.Replace, Path: path, Data: after(some())})
	if err != nil && !e.refused(err) {
		e.must(err, "replacing the file")
	}
	e.shows(d, want, "after the file was replaced")
	err = e.enemy().Do(attack.Order{Op: attack.Remove, Path: path})
	if err != nil && !e.refused(err) {
		e.must(err, "removing the file")
	}
	e.shows(d, want, "after the file was removed")
}

func everyReaderIsGuarded(e *Env) {
	path := e.file("f", before(some()))
	d := e.mapFile(path)
	defer e.close(d)
	if !e.attack(attack.Order{Op: attack.Truncate, Path: path}) {
		return // nothing was changed
	}
	out, err := os.Create(e.path("out"))
	e.must(err, "making a file")
	defer func() { _ = out.Close() }()
	buf := make([]byte, 100)
	for name, call := range map[string]func() error{
		"ReadAt":              func() error { _, err := d.ReadAt(buf, 5000); return err },
		"Read":                func() error { _, err := d.NewReader().Read(buf); return err },
		"ReadByte":            func() error { _, err := d.NewReader().ReadByte(); return err },
		"View":                func() error { return d.View(func(b []byte) error { buf[0] = b[0]; return nil }) },
		"ViewRange":           func() error { return d.ViewRange(9000, 9, func(b []byte) error { buf[0] = b[8]; return nil }) },
		"WriteTo (a buffer)":  func() error { _, err := d.WriteTo(new(bytes.Buffer)); return err },
		"WriteTo (a file)":    func() error { _, err := d.WriteTo(out); return err },
		"Reader.WriteTo":      func() error { _, err := d.NewReader().WriteTo(new(bytes.Buffer)); return err },
		"a view that recurs":  func() error { return d.View(func([]byte) error { _, err := d.ReadAt(buf, 0); return err }) },
		"a View that goes on": func() error { return e.faultsInside(d) },
	} {
		e.wantFault(call(), 0, d.Size(), name)
	}
}

// faultsInside uses the handle again after a fault, inside a View.
func (e *Env) faultsInside(d *mmapguard.FileData) error {
	return d.View(func(b []byte) error {
		if _, err := d.ReadAt(make([]byte, 1), 0); !errors.Is(err, mmapguard.ErrFault) {
			return err
		}
		_ = bytes.Clone(b)
		return nil
	})
}
