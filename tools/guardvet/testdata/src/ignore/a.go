// Package ignore has directives.
package ignore

import "github.com/mmapguard/go/mmapguard"

var global []byte

func line(d *mmapguard.FileData) error {
	return d.View(func(b []byte) error {
		//guardvet:ignore lentescape the test wants it to dangle
		global = b
		global = b[1:] //guardvet:ignore lentescape and this, too
		global = b[2:] // want `assigned to package variable global`
		return nil
	})
}

// function is covered as a whole.
//
//guardvet:ignore lentescape the tests want them to dangle
func function(b []byte) error {
	global = b
	if len(b) > 1 {
		global = b[1:]
	}
	return nil
}

func directives(d *mmapguard.FileData) error {
	//guardvet:ignore lentescape there is none // want `there is nothing here to ignore`
	err := d.View(function)
	//guardvet:ignore neverclosed is another analyzer's
	return d.View(func(b []byte) error {
		global = b /* want `gives no reason` */ //guardvet:ignore lentescape
		return err
	})
}
