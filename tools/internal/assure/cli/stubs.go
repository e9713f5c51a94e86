package cli

import "github.com/spf13/cobra"

func (s *session) explain() *cobra.Command { return &cobra.Command{Use: "explain"} }
func (s *session) render() *cobra.Command  { return &cobra.Command{Use: "render"} }
func (s *session) attest() *cobra.Command  { return &cobra.Command{Use: "attest"} }
func (s *session) overlay() *cobra.Command { return &cobra.Command{Use: "overlay"} }
