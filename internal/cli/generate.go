package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"lbprobe/internal/pipeline"
)

// generate is the verb that makes the submissions.
func (a *app) generate() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "generate EXPERIMENT",
		Short: "Draw the probes and write their submissions",
		Long: "generate draws the design and writes one CSV a probe, with the manifest and NEXT.md, into the run folder; for a hidden test it writes the bundle of a\n" +
			"notebook that writes the probes, with its data set. A design that has recorded scores is never\n" +
			"replaced: --more adds probes to it, --new-round sets it aside and draws another. Numbers are never used twice.",
		Example: "  lbprobe generate experiments/spooky.toml\n  lbprobe generate experiments/spooky.toml --more 2",
	}
	cmd.Flags().BoolVar(&a.options.Renew, "new-round", false, "set the present design aside and draw a new one")
	cmd.Flags().IntVar(&a.options.More, "more", 0, "add `n` probes to the present design")
	a.skipBadFlag(cmd)
	a.binaryFlag(cmd)
	return a.verb(stages, cmd, func(_ context.Context, s *pipeline.Session, _ []string) error {
		made, err := s.Generate()
		if err != nil {
			return err
		}
		a.progress.stop()
		state := "written"
		switch {
		case !made.Done:
			state = "unchanged"
		case made.Added > 0:
			state = fmt.Sprintf("%d added", made.Added)
		}
		m := made.Manifest
		if m.Bundle != "" {
			fmt.Fprintf(a.stdout, "%s: %d submissions by the bundle in %s: %s; %s; then: %s\n", m.Experiment, len(m.Probes), filepath.Join(s.Folder(), "probes", "bundle"),
				state, m.Design, filepath.Join(s.Folder(), "probes", "NEXT.md"))
			return nil
		}
		fmt.Fprintf(a.stdout, "%s: %d submissions in %s: %s; %s, bound %.1f; then: %s\n", m.Experiment, len(m.Probes), filepath.Join(s.Folder(), "probes"), state,
			m.Design, m.Bound, filepath.Join(s.Folder(), "probes", "NEXT.md"))
		return nil
	})
}
