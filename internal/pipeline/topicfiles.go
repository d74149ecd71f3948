package pipeline

import (
	"io"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
	"lbprobe/internal/notebook"
	"lbprobe/results"
)

// keywordCount is how many keywords topics.csv has of a topic.
const keywordCount = 10

const topicPicture = "topics/topics.svg"

// write leaves the files of the stage.
func (c *clustering) write(folder *results.Folder) error {
	c.session.step("writing topics")
	centroids := func(w io.Writer) error { return embed.WriteNPY(w, c.book.Centroids) }
	list := c.topics()
	for _, write := range []func() error{
		func() error { return folder.Write(notebook.CentroidsPlace, centroids) },
		func() error { return folder.WriteJSON(notebook.CodebookPlace, c.codebook) },
		func() error { return c.reference.write(folder) },
		func() error { return c.writeAssignment(folder) },
		func() error { return c.writeExemplars(folder) },
		func() error { return c.writeTopics(folder, list) },
		func() error { return c.session.drawTopics(folder, list, c.book.Centroids) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func (c *clustering) writeAssignment(folder *results.Folder) error {
	return table(folder, "topics/assignment.csv", []string{"id", "set", "topic", "distance"}, func(put func(...string) error) error {
		for i, set := range c.sets {
			for j, id := range set.ids {
				if err := put(id, set.set, strconv.Itoa(int(c.topic[i][j])), strconv.FormatFloat(c.distance[i][j], 'g', 6, 64)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// learned is the part of the corpus that topics are learned from.
func (c *clustering) learned() (texts, ids []string, topic []int32, distance []float64) {
	set := c.sets[0]
	for i, keep := range set.keep {
		if keep {
			texts, ids = append(texts, set.texts[i]), append(ids, set.ids[i])
			topic, distance = append(topic, c.topic[0][i]), append(distance, c.distance[0][i])
		}
	}
	return texts, ids, topic, distance
}

func (c *clustering) writeExemplars(folder *results.Folder) error {
	texts, ids, topic, distance := c.learned()
	nearest := topics.Exemplars(distance, topic, texts, c.book.Topics(), c.session.Experiment.Topics.Exemplars)
	return table(folder, "topics/exemplars.csv", []string{"topic", "rank", "id", "distance", "text"}, func(put func(...string) error) error {
		for k, list := range nearest {
			for rank, i := range list {
				if err := put(strconv.Itoa(k), strconv.Itoa(rank+1), ids[i], strconv.FormatFloat(distance[i], 'g', 6, 64), texts[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// topics are the topics as they stand before anybody names them.
func (c *clustering) topics() []topic {
	texts, _, of, _ := c.learned()
	words := topics.Keywords(texts, of, c.book.Topics(), keywordCount)
	out := make([]topic, c.book.Topics())
	for k, n := range c.count(len(c.session.Experiment.Competition.Classes)) {
		out[k] = topic{name: c.name(k), keywords: words[k], tally: n}
	}
	return out
}

// writeTopics writes one line a topic: rows and share are those that it was learned from, then come the rows of train, of test, who has named the topic
// and how it is summed up (nobody has yet), and the rows of train by class.
func (c *clustering) writeTopics(folder *results.Folder, list []topic) error {
	classes, learned := classColumns(c.session.Experiment.Competition.Classes), c.sets[0].kept()
	return table(folder, "topics/topics.csv", append(topicColumns[:len(topicColumns):len(topicColumns)], classes...), func(put func(...string) error) error {
		for k, t := range list {
			cells := []string{strconv.Itoa(k), t.name, strconv.Itoa(t.learned), strconv.FormatFloat(float64(t.learned)/float64(learned), 'f', 6, 64),
				strings.Join(t.keywords, "; "), strconv.Itoa(t.train), strconv.Itoa(t.test), t.namedBy, t.summary}
			for _, rows := range t.classes {
				cells = append(cells, strconv.Itoa(rows))
			}
			if err := put(cells...); err != nil {
				return err
			}
		}
		return nil
	})
}

// drawTopics writes the picture of the topics.
func (s *Session) drawTopics(folder *results.Folder, list []topic, centroids blas32.General) error {
	p := topics.Picture{Title: s.Experiment.Name, Centroids: centroids, Classes: s.Experiment.Competition.Classes}
	for k, t := range list {
		p.Topics = append(p.Topics, topics.Drawn{Label: t.called(k), Keywords: t.keywords, Learned: t.learned, Train: t.train, Test: t.test, Classes: t.classes})
	}
	return folder.Write(topicPicture, p.SVG)
}

// otherName is the name of the topic of rows that are far from every centroid.
const otherName = "other"

// name is what a topic is called before anybody names it.
func (c *clustering) name(topic int) string {
	if c.book.HasOther() && topic == c.book.Topics()-1 {
		return otherName
	}
	return ""
}

// tally is the rows of one topic.
type tally struct {
	learned, train, test int
	classes              []int // of train
}

func (c *clustering) count(classes int) []tally {
	out := make([]tally, c.book.Topics())
	for k := range out {
		out[k].classes = make([]int, classes)
	}
	for i, set := range c.sets {
		for j, k := range c.topic[i] {
			t := &out[k]
			switch set.set {
			case "test":
				t.test++
			case "train":
				t.train++
				if c := set.class[j]; c >= 0 {
					t.classes[c]++
				}
			}
			if set.keep != nil && set.keep[j] {
				t.learned++
			}
		}
	}
	return out
}
