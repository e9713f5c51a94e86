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
	Errno         int          `json:"defaultErrnoRet,omitempty"`
	Architectures []string     `json:"architectures"`
	Syscalls      []ociSyscall `json:"syscalls"`
}

type ociSyscall struct {
	Names  []string `json:"names"`
	Action string   `json:"action"`
	Errno  int      `json:"errnoRet,omitempty"`
	Args   []ociArg `json:"args,omitempty"`
}

type ociArg struct {
	Index    int    `json:"index"`
	Value    uint64 `json:"value"`
	ValueTwo uint64 `json:"valueTwo,omitempty"`
	Op       string `json:"op"`
}

const (
	allow    = "SCMP_ACT_ALLOW"
	opEqual  = "SCMP_CMP_EQ"
	opMasked = "SCMP_CMP_MASKED_EQ" // value is the mask, valueTwo what is under it
)

// ociCall allows a call with its flags.
func ociCall(c Call) ociSyscall {
	call := ociSyscall{Names: []string{c.Syscall}, Action: allow}
	for _, a := range c.Args {
		call.Args = append(call.Args, ociArg{Index: a.Index, Value: a.Value, Op: opEqual})
	}
	return call
}

var ociArch = map[string]string{"amd64": "SCMP_ARCH_X86_64", "arm64": "SCMP_ARCH_AARCH64"}

// WriteOCI writes a seccomp profile that allows what was seen, and kills a
// process that calls anything else. A container runtime executes the program
// under it, and so execve(2) is allowed as well.
func (p *Profile) WriteOCI(w io.Writer) error {
	out := ociProfile{DefaultAction: "SCMP_ACT_KILL_PROCESS", Architectures: []string{ociArch[p.Arch]}}
	free := ociSyscall{Action: allow}
	for _, c := range p.Allowed() {
		if len(c.Args) == 0 {
			free.Names = append(free.Names, c.Syscall)
			continue
		}
		out.Syscalls = append(out.Syscalls, ociCall(c))
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

// WriteConfined writes the profile that programs confine themselves to.
func (p *Profile) WriteConfined(w io.Writer, c *Confinement) error {
	confined, err := c.Confine(p)
	if err != nil {
		return err
	}
	return writeJSON(w, confined)
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
