package pages

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// command runs a command of the repository, in its folder. What it printed is
// there also if it failed.
func (s *Source) command(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) // #nosec G204 -- the callers' own constants
	cmd.Dir = s.Repository
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	if err != nil {
		err = fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return string(out), err
}

// output is text as a command printed it.
func output(text string) string {
	return "```text\n" + strings.TrimRight(text, "\n") + "\n```\n"
}

// commands are the folders of those that help can tell about.
var commands = map[string]string{
	"assure":                "tools/cmd/assure",
	"guardtrace":            "tools/cmd/guardtrace",
	"mmapguard":             "tools/cmd/mmapguard",
	"mmapguard-conformance": "conformance/cmd/mmapguard-conformance",
	"ratios":                "conformance/bench/cmd/ratios",
}

// built is the program of a command, made of these sources.
func (s *Source) built(ctx context.Context, name string) (string, error) {
	folder, ok := commands[name]
	if !ok {
		return "", fmt.Errorf("there is no command %q here", name)
	}
	program := filepath.Join(".cache", "book", name)
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if _, err := s.command(ctx, "go", "build", "-o", program, "./"+folder); err != nil {
		return "", err
	}
	return filepath.Abs(filepath.Join(s.Repository, program))
}

// subcommand is a line of the list in a command's help.
var subcommand = regexp.MustCompile(`(?m)^  ([a-z]+) `)

// help is what a command says of itself and of each of its subcommands.
func (s *Source) help(ctx context.Context, args []string) (string, error) {
	name, err := one(args, "a command")
	if err != nil {
		return "", err
	}
	program, err := s.built(ctx, name)
	if err != nil {
		return "", err
	}
	said, err := s.said(ctx, program)
	if err != nil {
		return "", err
	}
	out := output(said)
	_, list, _ := strings.Cut(said, "\nAvailable Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	for _, m := range subcommand.FindAllStringSubmatch(list, -1) {
		if m[1] == "completion" || m[1] == "help" {
			continue // cobra's own, the same everywhere
		}
		said, err := s.said(ctx, program, m[1])
		if err != nil {
			return "", err
		}
		out += fmt.Sprintf("\n## %s %s\n\n%s", name, m[1], output(said))
	}
	return out, nil
}

// said is what a program prints on --help, on either of its outputs.
func (s *Source) said(ctx context.Context, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, append(args, "--help")...) // #nosec G204 -- a command of the repository
	cmd.Dir = s.Repository
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s --help: %w: %s", program, strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// exitCodes is the table in the command's own help.
func (s *Source) exitCodes(ctx context.Context, _ []string) (string, error) {
	program, err := s.built(ctx, "mmapguard")
	if err != nil {
		return "", err
	}
	help, err := s.said(ctx, program)
	if err != nil {
		return "", err
	}
	_, table, found := strings.Cut(help, "Exit codes:\n")
	table, _, ended := strings.Cut(table, "\nUsage:")
	if !found || !ended {
		return "", errors.New("the help of mmapguard has no table of exit codes any more")
	}
	return rows("| code | meaning |\n|--:|---|\n", table)
}

// code begins a line of that table; the others go on with the one above.
var code = regexp.MustCompile(`^ +(\d+)  (.*)`)

func rows(header, table string) (string, error) {
	var cells [][2]string
	for line := range strings.Lines(table) {
		switch m := code.FindStringSubmatch(strings.TrimRight(line, "\n")); {
		case m != nil:
			cells = append(cells, [2]string{m[1], m[2]})
		case len(cells) > 0 && strings.TrimSpace(line) != "":
			cells[len(cells)-1][1] += " " + strings.TrimSpace(line)
		}
	}
	if len(cells) == 0 {
		return "", errors.New("the help of mmapguard lists no exit codes")
	}
	var b strings.Builder
	b.WriteString(header)
	for _, c := range cells {
		fmt.Fprintf(&b, "| %s | %s |\n", c[0], c[1])
	}
	return b.String(), nil
}
