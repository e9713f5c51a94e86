package pages

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// command runs a command of the repository, in its folder.
func (s Source) command(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) // #nosec G204 -- the callers' own constants
	cmd.Dir = s.Repository
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return string(out), nil
}

// output is text as a command printed it.
func output(text string) string {
	return "```text\n" + strings.TrimRight(text, "\n") + "\n```\n"
}

// demo runs the demonstration.
func (s Source) demo(ctx context.Context, _ []string) (string, error) {
	text, err := s.command(ctx, "go", "run", "./tools/cmd/mmapguard", "demo")
	return output(text), err
}

// exitCodes is the table in the command's own help.
func (s Source) exitCodes(ctx context.Context, _ []string) (string, error) {
	help, err := s.command(ctx, "go", "run", "./tools/cmd/mmapguard", "--help")
	if err != nil {
		return "", err
	}
	_, table, found := strings.Cut(help, "Exit codes:\n")
	table, _, ended := strings.Cut(table, "\nUsage:")
	if !found || !ended {
		return "", errors.New("the help of mmapguard has no table of exit codes any more")
	}
	return output(table), nil
}
