package cli

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"lbprobe/analysis"
	"lbprobe/internal/pipeline"
)

// run is the verb that does everything that can be done now.
func (a *app) run() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run EXPERIMENT",
		Short: "Do everything that can be done now, and say what is next",
		Long: "run learns the topics, makes the probes, scores them where the board is simulated, and writes the report. What has not changed since the last run\n" +
			"is not done again. A design that has recorded scores is never replaced unless --new-round says so.",
		Example: "  lbprobe run experiments/demo.toml\n  lbprobe run experiments/demo.toml --json",
	}
	a.skipBadFlag(cmd)
	a.binaryFlag(cmd)
	a.directFlag(cmd)
	cmd.Flags().BoolVar(&a.options.Renew, "new-round", false, "set a design with recorded scores aside and draw a new one")
	return a.jsonFlag(a.verb(loop, cmd, func(ctx context.Context, s *pipeline.Session, _ []string) error {
		ran, err := s.Run(ctx)
		if err != nil {
			return err
		}
		a.progress.stop()
		if !a.json {
			return a.printReport(ran.Report)
		}
		return a.printJSON(ranJSON{s.Experiment.Name, filepath.ToSlash(s.Folder()), ran.Stages, ran.Report.Summary(), ran.Report.Path, ran.Report.Next, ran.Report.Result})
	}))
}

// ranJSON is what run --json prints.
type ranJSON struct {
	Experiment string           `json:"experiment"`
	Folder     string           `json:"folder"`
	Stages     []pipeline.Stage `json:"stages"`
	Summary    string           `json:"summary"`
	Report     string           `json:"report"`
	Next       []string         `json:"next"`
	Result     analysis.Result  `json:"result"`
}
