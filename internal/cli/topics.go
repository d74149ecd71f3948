package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"lbprobe/internal/atomicfile"
	"lbprobe/internal/pipeline"
)

// topics is the verb that learns the topics.
func (a *app) topics() *cobra.Command {
	var texts string
	var name bool
	cmd := &cobra.Command{
		Use:   "topics EXPERIMENT",
		Short: "Embed and cluster the texts, and give every row its topic",
		Long: "topics reads the corpus, embeds its texts, clusters them, and gives every row of train and test the nearest topic. The filter of the corpus chooses\n" +
			"the rows that topics are learned from, and no others. topics.svg is a picture of what came of it. With --texts it only writes the strings to embed, in\n" +
			"order, as JSON lines of id, set and text. With --name the language model of [judge] gives each topic a short title and a summary, from its exemplars:\n" +
			"labels, never evidence, and marked as its work.",
		Example: "  lbprobe topics experiments/demo.toml\n  lbprobe topics experiments/demo.toml --texts texts.jsonl",
	}
	cmd.Flags().StringVar(&texts, "texts", "", "write the strings to embed to a `file`, and do nothing else")
	cmd.Flags().BoolVar(&name, "name", false, "have the language model of [judge] name the topics")
	a.skipBadFlag(cmd)
	cmd.Flags().BoolVar(&a.options.Renew, "new-round", false, "set a design with recorded scores aside, if test rows change their topics")
	return a.verb(stages, cmd, func(ctx context.Context, s *pipeline.Session, _ []string) error {
		if name {
			return a.nameTopics(ctx, s)
		}
		if texts != "" {
			return a.writeTexts(s, texts)
		}
		done, err := s.Topics()
		if err != nil {
			return err
		}
		a.progress.stop()
		state := "written"
		if !done {
			state = "unchanged"
		}
		fmt.Fprintf(a.stdout, "%s: %s: %s\n", s.Experiment.Name, filepath.Join(s.Folder(), "topics", "topics.csv"), state)
		return nil
	})
}

// writeTexts writes the strings to embed.
func (a *app) writeTexts(s *pipeline.Session, path string) error {
	n := 0
	err := atomicfile.Write(path, func(w io.Writer) (err error) {
		n, err = s.Texts(w)
		return err
	})
	if err == nil {
		fmt.Fprintf(a.stdout, "%s: %d texts\n", path, n)
	}
	return err
}

// nameTopics has the topics named and prints the names.
func (a *app) nameTopics(ctx context.Context, s *pipeline.Session) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	named, err := s.NameTopics(ctx, a.tell)
	if err != nil {
		return err
	}
	a.progress.stop()
	fmt.Fprintf(a.stdout, "%s: %s: named by %s, $%.4f spent in all; names are labels, not evidence\n", s.Experiment.Name, named.Path, s.Experiment.Judge.Model, named.Spent)
	for _, t := range named.Topics {
		fmt.Fprintf(a.stdout, "%d\t%s\t%s\n", t.Topic, t.Name, t.Summary)
	}
	return nil
}
