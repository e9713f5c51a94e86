// Command policy fails unless the repository keeps release/policy.yaml. With
// -licences it prints the licences that are allowed, for other tools; with -judged
// the modules whose licences are decided in that file, if their texts are still those.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/mmapguard/go/release/internal/policy"
)

func main() {
	root := flag.String("root", ".", "`directory` of the repository")
	licences := flag.Bool("licences", false, "print the allowed licences, and check nothing")
	judged := flag.Bool("judged", false, "print the modules whose licence is judged, and check those alone")
	flag.Parse()
	if err := run(*root, *licences, *judged); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, licences, judged bool) error {
	switch {
	case judged:
		return exceptions(root)
	case !licences:
		return policy.Check(root)
	}
	p, err := policy.Read(root)
	if err != nil {
		return err
	}
	_, err = fmt.Println(strings.Join(p.Licences, ","))
	return err
}

func exceptions(root string) error {
	paths, err := policy.Exceptions(context.Background(), root)
	if err != nil {
		return err
	}
	_, err = fmt.Println(strings.Join(paths, ","))
	return err
}
