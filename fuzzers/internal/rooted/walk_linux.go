package rooted

import (
	"strings"

	"github.com/mmapguard/go/fuzzers/internal/class"
)

// node is a file, a folder or a link of the tree.
type node struct {
	content  string           // of a file
	children map[string]*node // of a folder
	target   string           // of a link
	special  bool             // a pipe
	parent   *node
}

func (n *node) isFolder() bool { return n.children != nil }
func (n *node) isLink() bool   { return n.target != "" }

// What package os bounds (os/root.go), which its documentation does not give: a
// walk through more links is refused, and a long one may be.
const (
	maxLinks = 8
	maxSteps = 255
	maxName  = 255 // bytes of a component (NAME_MAX)
)

// verdict is where a name leads: to the contents of a file, or to an error. A
// long walk may be given up instead.
type verdict struct {
	content string
	refused class.Set
	long    bool
}

// walk is a walk from the root of a tree.
type walk struct {
	at    *node
	todo  []string
	links int
	steps int
}

// resolve says where a name leads, as path_resolution(7) tells it, but that the
// root has no parent, and is the only way in.
func resolve(root *node, name string) verdict {
	w := &walk{at: root}
	switch {
	case name == "", strings.HasPrefix(name, "/"):
		return refusal(class.Other)
	}
	w.todo = strings.Split(name, "/")
	for len(w.todo) > 0 {
		part := w.todo[0]
		w.todo = w.todo[1:]
		w.steps++
		if why := w.take(part); why != 0 {
			return verdict{refused: why, long: w.steps > maxSteps}
		}
	}
	return w.verdict()
}

func refusal(why class.Set) verdict { return verdict{refused: why} }

func (w *walk) verdict() verdict {
	v := verdict{long: w.steps > maxSteps}
	switch {
	case w.at.isFolder(), w.at.special:
		v.refused = class.NotRegular
	case w.at.content == "":
		v.refused = class.Empty | class.Invalid
	default:
		v.content = w.at.content
	}
	return v
}

// take goes on by one component.
func (w *walk) take(part string) (why class.Set) {
	switch {
	case !w.at.isFolder():
		return class.Other // there is nothing below a file, not even ""
	case part == "", part == ".":
		return 0
	case part == "..":
		if w.at.parent == nil {
			return class.Other
		}
		w.at = w.at.parent
		return 0
	case strings.Contains(part, "\x00"), len(part) > maxName:
		return class.Other // EINVAL, ENAMETOOLONG
	}
	next, ok := w.at.children[part]
	switch {
	case !ok:
		return class.NotExist
	case next.isLink():
		return w.follow(next.target)
	}
	w.at = next
	return 0
}

// follow goes on with the target of a link, from the folder that the link is in.
func (w *walk) follow(target string) (why class.Set) {
	w.links++
	if w.links > maxLinks || strings.HasPrefix(target, "/") {
		return class.Other
	}
	w.todo = append(strings.Split(target, "/"), w.todo...)
	return 0
}
