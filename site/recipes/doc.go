// Package recipes holds the recipes of the book as examples that are compiled
// and run. The book shows what stands between the ANCHOR comments, and nothing
// that is not here.
package recipes
