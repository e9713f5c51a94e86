package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The test binary is also a command that is asked for help.
func TestMain(m *testing.M) {
	if os.Getenv("MANUAL_IS_ASKED") != "" {
		fmt.Printf("Usage of %s:\n", os.Args[0]) // as package flag says it
		os.Exit(2)
	}
	os.Exit(m.Run())
}

func TestAPageDoesNotTellWhereACommandWasBuilt(t *testing.T) {
	t.Setenv("MANUAL_IS_ASKED", "yes")
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(binary), ".exe")
	dir := t.TempDir()
	if err := quote(binary, dir, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, name+".1"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "\nUsage of "+name+":\n") {
		t.Errorf("the page quotes more than the name:\n%s", page)
	}
}

func TestTheManualNamesEveryCommandAndNoDayOfItsOwn(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "86400")
	dir := t.TempDir()
	if err := write(dir, nil); err != nil {
		t.Fatal(err)
	}
	for _, command := range commands() {
		for _, sub := range command.Commands() {
			if sub.Hidden || !sub.IsAvailableCommand() {
				continue
			}
			name := command.Name() + "-" + sub.Name() + ".1"
			page, err := os.ReadFile(filepath.Join(dir, "man", name))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(page), "Jan 1970") || strings.Contains(string(page), "Auto generated") {
				t.Errorf("%s does not bear the date of the release alone:\n%.300s", name, page)
			}
		}
		for _, ending := range []string{".bash", ".zsh", ".fish", ".ps1"} {
			text, err := os.ReadFile(filepath.Join(dir, "completions", command.Name()+ending))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), command.Name()) {
				t.Errorf("the completion for %s does not name %s", ending, command.Name())
			}
		}
	}
}

func TestAReleaseWithoutItsDateIsRefused(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "")
	if err := write(t.TempDir(), nil); err == nil {
		t.Error("a manual was written without the time of the commit")
	}
}

func TestHelpIsQuotedSoThatTroffPrintsIt(t *testing.T) {
	if got := roff(".a\\b\n'c --d\n"); got != "\\&.a\\eb\n\\&'c \\-\\-d\n" {
		t.Errorf("got %q", got)
	}
}
