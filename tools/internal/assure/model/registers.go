package model

// Framework is a list that somebody else made.
type Framework struct {
	Pos     `yaml:"-"`
	ID      string `yaml:"id" doc:"in kebab case"`
	Title   string `yaml:"title" doc:"its name"`
	Version string `yaml:"version" doc:"its version or date"`
	Source  string `yaml:"source" doc:"where it is published"`
	Note    string `yaml:"note,omitempty" doc:"how to read the table"`
	Count   int    `yaml:"count" doc:"how many rows it has"`
	Rows    []Row  `yaml:"rows" doc:"all of them"`
}

// Row is an entry of a framework. Its state is never typed: it follows from
// which of the last four fields are there (see Row.State).
type Row struct {
	Pos           `yaml:"-"`
	ID            string `yaml:"id" doc:"the framework's own"`
	Title         string `yaml:"title" doc:"what it is about, in a few words"`
	Level         string `yaml:"level,omitempty" doc:"the level or group, if the framework has such"`
	By            []Ref  `yaml:"by,omitempty" to:"CM- evidence" doc:"countermeasures and evidence that address it"`
	Gap           string `yaml:"gap,omitempty" doc:"what is missing"`
	Residual      []Ref  `yaml:"residual,omitempty" to:"RR-" doc:"the residual risks that are left"`
	NotApplicable string `yaml:"notApplicable,omitempty" doc:"why it means nothing here"`
}

// State is what a row says of itself.
type State string

// The states of a row.
const (
	Addressed     State = "addressed"
	Partial       State = "partial"
	Residual      State = "residual"
	NotAddressed  State = "not addressed"
	NotApplicable State = "not applicable"
)

// State follows from what the row has to show. A row with nothing to show and
// nothing to say has none; check refuses it.
func (r Row) State() State {
	switch {
	case r.NotApplicable != "":
		return NotApplicable
	case len(r.By) > 0 && r.Gap == "" && len(r.Residual) == 0:
		return Addressed
	case len(r.By) > 0:
		return Partial
	case len(r.Residual) > 0:
		return Residual
	case r.Gap != "":
		return NotAddressed
	}
	return ""
}

// Unsafe is an expression that the compiler cannot check.
type Unsafe struct {
	Pos          `yaml:"-"`
	ID           string   `yaml:"id" doc:"UNSAFE-…"`
	File         string   `yaml:"file" doc:"from the repository's root"`
	Function     string   `yaml:"function" doc:"the function, or Type.Method"`
	Expression   string   `yaml:"expression" doc:"as the source has it"`
	Purpose      string   `yaml:"purpose" doc:"what it is for"`
	Invariants   []string `yaml:"invariants" doc:"what has to hold for it to be right"`
	Risk         string   `yaml:"risk" doc:"what happens otherwise"`
	Mitigations  []Ref    `yaml:"mitigations" to:"CM-" doc:"the countermeasures that keep the invariants"`
	Evidence     []Ref    `yaml:"evidence" to:"evidence" doc:"the tests that reach it"`
	Verification string   `yaml:"verification" doc:"how it could be verified further"`
}

// Dependencies are the modules that what is shipped is built from.
type Dependencies struct {
	Artifacts []Artifact `yaml:"artifacts" doc:"what is shipped"`
	Modules   []Module   `yaml:"modules" doc:"what they are built from"`
}

// Artifact is something that is shipped.
type Artifact struct {
	Pos     `yaml:"-"`
	ID      string   `yaml:"id" doc:"in kebab case"`
	Package string   `yaml:"package" doc:"a package pattern, from the repository's root"`
	Systems []string `yaml:"systems" doc:"values of GOOS that it is built for"`
}

// Module is a module of somebody else.
type Module struct {
	Pos        `yaml:"-"`
	Path       string `yaml:"module" doc:"its path"`
	Version    string `yaml:"version" doc:"the version that is built"`
	Artifacts  []Ref  `yaml:"artifacts" to:"artifact" doc:"what it is part of"`
	Purpose    string `yaml:"purpose" doc:"what it is for"`
	Risk       string `yaml:"risk" doc:"what a fault or a malicious version could do"`
	Mitigation string `yaml:"mitigation" doc:"what bounds that"`
	Monitoring string `yaml:"monitoring" doc:"how news about it is noticed"`
}

// FuzzTarget is a fuzz test.
type FuzzTarget struct {
	Pos      `yaml:"-"`
	Target   string `yaml:"target" doc:"folder.FuzzName"`
	Input    string `yaml:"input" doc:"what is made up"`
	Property string `yaml:"property" doc:"what has to hold"`
	Counters []Ref  `yaml:"counters" to:"AV-" doc:"the ways of attack that it looks for"`
}

// Syscall is a function through which the library reaches the system.
type Syscall struct {
	Pos     `yaml:"-"`
	Call    string   `yaml:"call" doc:"package.Function or package.Type.Method"`
	Systems []string `yaml:"systems" doc:"values of GOOS on which the library calls it"`
	Purpose string   `yaml:"purpose" doc:"what it is for"`
}

// Incidents is the procedure for vulnerabilities.
type Incidents struct {
	Policy  string     `yaml:"policy" doc:"the file in which users are told"`
	Classes []Severity `yaml:"classes" doc:"how severe"`
	Steps   []Step     `yaml:"steps" doc:"what is done, in order"`
}

// Severity is a class of vulnerabilities.
type Severity struct {
	Pos        `yaml:"-"`
	ID         string `yaml:"id" doc:"SEV-…"`
	Title      string `yaml:"title" doc:"one word"`
	Examples   string `yaml:"examples" doc:"what is in it"`
	Triage     string `yaml:"triage" doc:"time to triage, in the policy's words"`
	Fix        string `yaml:"fix" doc:"time to a release with the fix, in the policy's words"`
	Disclosure string `yaml:"disclosure" doc:"time to publication, in the policy's words"`
}

// Step is a part of the procedure.
type Step struct {
	Pos    `yaml:"-"`
	ID     string `yaml:"id" doc:"IR-n"`
	Title  string `yaml:"title" doc:"a few words"`
	Action string `yaml:"action" doc:"what is done, and what comes of it"`
}

// Tool is a tool of the pipeline.
type Tool struct {
	Pos      `yaml:"-"`
	Name     string `yaml:"name" doc:"the module's path, the action's name or the program's"`
	Version  string `yaml:"version" doc:"as it is pinned"`
	PinnedIn string `yaml:"pinnedIn" doc:"the file that pins it"`
	Purpose  string `yaml:"purpose" doc:"what it is for"`
}
