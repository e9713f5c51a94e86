package profile

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ociProfile is a seccomp profile as container runtimes read it (OCI runtime
// specification, "linux.seccomp").
type ociProfile struct {
	DefaultAction string       `json:"defaultAction"`
	Architectures []string     `json:"architectures"`
	Syscalls      []ociSyscall `json:"syscalls"`
}

type ociSyscall struct {
	Names  []string `json:"names"`
	Action string   `json:"action"`
	Args   []ociArg `json:"args,omitempty"`
}

type ociArg struct {
	Index int    `json:"index"`
	Value uint64 `json:"value"`
	Op    string `json:"op"`
}

var ociArch = map[string]string{"amd64": "SCMP_ARCH_X86_64", "arm64": "SCMP_ARCH_AARCH64"}

// WriteOCI writes a seccomp profile that allows what was seen, and kills a
// process that calls anything else. A container runtime executes the program
// under it, and so execve(2) is allowed as well.
func (p *Profile) WriteOCI(w io.Writer) error {
	const allow = "SCMP_ACT_ALLOW"
	out := ociProfile{DefaultAction: "SCMP_ACT_KILL_PROCESS", Architectures: []string{ociArch[p.Arch]}}
	free := ociSyscall{Action: allow}
	for _, c := range p.Allowed() {
		if len(c.Args) == 0 {
			free.Names = append(free.Names, c.Syscall)
			continue
		}
		call := ociSyscall{Names: []string{c.Syscall}, Action: allow}
		for _, a := range c.Args {
			call.Args = append(call.Args, ociArg{a.Index, a.Value, "SCMP_CMP_EQ"})
		}
		out.Syscalls = append(out.Syscalls, call)
	}
	free.Names = slices.Compact(append(free.Names, "execve"))
	out.Syscalls = append([]ociSyscall{free}, out.Syscalls...)
	return writeJSON(w, out)
}

// Allowed are all calls, the library's and the runtime's.
func (p *Profile) Allowed() []Call { return join(p.Library, p.Runtime) }

// WriteJSON writes the profile as Read reads it.
func (p *Profile) WriteJSON(w io.Writer) error { return writeJSON(w, p) }

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// WriteMarkdown writes the library's calls as a table, with what needs them.
func (p *Profile) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("| system call | with | needed by |\n|---|---|---|\n")
	for _, c := range p.Library {
		var args []string
		for _, a := range c.Args {
			args = append(args, a.Name+" = `"+a.Text+"`")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Syscall, strings.ReplaceAll(strings.Join(args, ", "), "|", "\\|"), strings.Join(c.For, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
