package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/mmapguard/go/mmapguard"
)

// openFlags are the flags of all commands that open files for the user.
type openFlags struct {
	guarantee guaranteeFlag
	maxSize   sizeFlag
}

func (o *openFlags) register(cmd *cobra.Command) {
	cmd.Flags().VarP(&o.guarantee, "guarantee", "g", "least guarantee that will do: "+strings.Join(guaranteeNames(), ", "))
	o.maxSize = mmapguard.NoLimit
	cmd.Flags().Var(&o.maxSize, "max-size", "refuse files of more bytes than this, as in 64MiB")
	err := cmd.RegisterFlagCompletionFunc("guarantee", cobra.FixedCompletions(guaranteeNames(), cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(err) // the flag was registered three lines above
	}
}

// options are the flags as the library takes them.
func (o *openFlags) options() []mmapguard.Option {
	return []mmapguard.Option{
		mmapguard.WithGuarantee(mmapguard.Guarantee(o.guarantee)),
		mmapguard.WithMaxSize(int64(o.maxSize)),
		mmapguard.WithSequential(),
	}
}

func guaranteeNames() []string {
	var names []string
	for _, g := range mmapguard.Guarantees() {
		names = append(names, g.String())
	}
	return names
}

// guaranteeFlag is a guarantee by name, in any case.
type guaranteeFlag mmapguard.Guarantee

func (f *guaranteeFlag) String() string { return mmapguard.Guarantee(*f).String() }
func (f *guaranteeFlag) Type() string   { return "NAME" }

func (f *guaranteeFlag) Set(name string) error {
	for _, g := range mmapguard.Guarantees() {
		if strings.EqualFold(name, g.String()) {
			*f = guaranteeFlag(g)
			return nil
		}
	}
	return fmt.Errorf("want one of %s", strings.Join(guaranteeNames(), ", "))
}

// sizeFlag is a number of bytes, with or without a unit.
type sizeFlag int64

func (f *sizeFlag) Type() string { return "SIZE" }

func (f *sizeFlag) String() string {
	if *f < 0 {
		return "none"
	}
	return bytesText(int64(*f))
}

func (f *sizeFlag) Set(text string) error {
	// A number without a unit means exactly itself; the package calculates in
	// floating point, which is not exact beyond 2^53.
	if n, err := strconv.ParseUint(text, 10, 63); err == nil {
		*f = sizeFlag(n) // #nosec G115 -- it has 63 bits
		return nil
	}
	n, err := humanize.ParseBytes(text)
	if err != nil || n > math.MaxInt64 {
		return fmt.Errorf("want a number of bytes, as in 4096, 64MiB or 1GB")
	}
	*f = sizeFlag(n)
	return nil
}
