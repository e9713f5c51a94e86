package conformance

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

// SR-4: no path traversal through path arguments.
var sr4 = []Case{
	{
		ID:      "SR-4/names-stay-inside",
		Promise: "MapFileIn opens what lies inside, and refuses absolute names and names with .. that lead out.",
		Applies: Applies{Needs: Files},
		Run:     judge(namesStayInside),
	},
	{
		ID:      "SR-4/links-stay-inside",
		Promise: "MapFileIn follows symbolic links inside, and refuses those that lead out, also in the middle of a name.",
		Applies: Applies{Needs: Files},
		Run:     judge(linksStayInside),
	},
	{
		ID:      "SR-4/swapped-links-stay-inside",
		Promise: "A link that another process swaps meanwhile does not lead MapFileIn out.",
		Applies: Applies{Platforms: onUnix, Needs: Files},
		Run:     judge(swappedLinksStayInside),
	},
	{
		ID:      "SR-4/given-directory-is-not-left",
		Promise: "Names that lead out of a directory that was there before are refused.",
		Applies: Applies{Needs: Content},
		Run:     judge(givenDirectoryIsNotLeft),
	},
}

// cage makes a directory with a file inside, and one outside.
func (e *Env) cage() (root *os.Root, inside, outside []byte) {
	inside, outside = before(some()), after(some())
	e.must(os.MkdirAll(e.path("cage/deep"), 0o755), "making a directory")
	e.file("cage/deep/inside", inside)
	e.file("outside", outside)
	root, err := os.OpenRoot(e.path("cage"))
	e.must(err, "opening the directory")
	return root, inside, outside
}

func (e *Env) opensInside(root *os.Root, name string, want []byte) {
	d, err := mmapguard.MapFileIn(root, name)
	e.must(err, name)
	e.shows(d, want, name)
	e.close(d)
}

func (e *Env) staysInside(root *os.Root, name string) {
	d, err := mmapguard.MapFileIn(root, name)
	if err == nil {
		e.close(d)
		e.broken("%q was opened", name)
	}
}

func namesStayInside(e *Env) {
	root, inside, _ := e.cage()
	defer func() { _ = root.Close() }()
	e.opensInside(root, "deep/inside", inside)
	e.opensInside(root, "deep/../deep/inside", inside)
	for _, name := range []string{
		"../outside", "deep/../../outside", "../cage/deep/inside", e.path("outside"), e.path("cage/deep/inside"), "", ".",
	} {
		e.staysInside(root, name)
	}
}

func linksStayInside(e *Env) {
	root, inside, _ := e.cage()
	defer func() { _ = root.Close() }()
	for name, to := range map[string]string{
		"cage/good": "deep/inside", "cage/bad": "../outside", "cage/absolute": e.path("outside"),
		"cage/up": "..", "cage/deep/chain": "../bad",
	} {
		e.must(os.Symlink(filepath.FromSlash(to), e.path(name)), "making a link")
	}
	if _, err := root.Stat("good"); err != nil {
		e.notOffered("links can be made here, and not be followed: %v", err)
	}
	e.opensInside(root, "good", inside)
	for _, name := range []string{"bad", "absolute", "up/outside", "deep/chain"} {
		e.staysInside(root, name)
	}
}

const swapRounds = 2000

func swappedLinksStayInside(e *Env) {
	root, inside, _ := e.cage()
	defer func() { _ = root.Close() }()
	enemy := e.enemy()
	link := attack.Order{Op: attack.SwapLinks, Path: e.path("cage/link"), To: "deep/inside", Data: []byte("../outside")}
	e.must(os.Symlink("deep/inside", link.Path), "making a link")
	e.arrange(enemy, link)
	for range rounds(swapRounds) {
		d, err := mmapguard.MapFileIn(root, "link")
		if err != nil {
			continue
		}
		e.shows(d, inside, "through a link that is swapped")
		e.close(d)
	}
	e.arrange(enemy, attack.Order{Op: attack.Release})
}

func givenDirectoryIsNotLeft(e *Env) {
	dir, name := filepath.Split(e.Content[0])
	root, err := os.OpenRoot(dir)
	e.must(err, "opening the directory")
	defer func() { _ = root.Close() }()
	d, err := mmapguard.MapFileIn(root, name)
	if err != nil && !errors.Is(err, mmapguard.ErrUnsupported) {
		e.broken("%s: %v", name, err)
	}
	if err == nil {
		e.close(d)
	}
	e.staysInside(root, filepath.Join("..", filepath.Base(dir), name))
	e.staysInside(root, e.Content[0])
}
