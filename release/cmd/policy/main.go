// Command policy fails unless the repository keeps release/policy.yaml. With
// -licences it prints the licences that are allowed, for other tools.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/mmapguard/go/release/internal/policy"
)

func main() {
	root := flag.String("root", ".", "`directory` of the repository")
	licences := flag.Bool("licences", false, "print the allowed licences, and check nothing")
	flag.Parse()
	if err := run(*root, *licences); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, licences bool) error {
	if !licences {
		return policy.Check(root)
	}
	p, err := policy.Read(root)
	if err != nil {
		return err
	}
	_, err = fmt.Println(strings.Join(p.Licences, ","))
	return err
}
