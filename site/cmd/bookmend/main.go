// Command bookmend mends the book that mdBook built, in the folder it is given:
// see package mend.
package main

import (
	"fmt"
	"os"

	"github.com/mmapguard/go/site/internal/mend"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: bookmend FOLDER")
		os.Exit(2)
	}
	if err := mend.Folder(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "bookmend:", err)
		os.Exit(1)
	}
}
