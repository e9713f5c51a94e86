// Package errgroup has the declarations that the tests use; see TestStubs.
package errgroup

type Group struct{ _ int }

func (g *Group) Go(f func() error)
