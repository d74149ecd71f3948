package pipeline

import (
	"io"
	"strconv"
	"strings"

	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
	"lbprobe/results"
)

// keywordCount is how many keywords topics.csv has of a topic.
const keywordCount = 10

// write leaves the files of the stage.
func (c *clustering) write(folder *results.Folder) error {
	c.session.step("writing topics")
	centroids := func(w io.Writer) error { return embed.WriteNPY(w, c.book.Centroids) }
	for _, write := range []func() error{
		func() error { return folder.Write(centroidsPlace, centroids) },
		func() error { return folder.WriteJSON(codebookPlace, c.codebook) },
		func() error { return c.reference.write(folder) },
		func() error { return c.writeAssignment(folder) },
		func() error { return c.writeExemplars(folder) },
		func() error { return c.writeTopics(folder) },
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

// writeTopics writes one line a topic: rows and share are those that it was learned from, then come the rows of train, of test, who has named the topic
// and how it is summed up (nobody has yet), and the rows of train by class.
func (c *clustering) writeTopics(folder *results.Folder) error {
	texts, _, topic, _ := c.learned()
	words := topics.Keywords(texts, topic, c.book.Topics(), keywordCount)
	classes := c.session.Experiment.Competition.Classes
	counts := c.count(len(classes))
	return table(folder, "topics/topics.csv", append(topicColumns[:len(topicColumns):len(topicColumns)], classColumns(classes)...), func(put func(...string) error) error {
		for k, n := range counts {
			cells := []string{strconv.Itoa(k), c.name(k), strconv.Itoa(n.learned), strconv.FormatFloat(float64(n.learned)/float64(len(texts)), 'f', 6, 64),
				strings.Join(words[k], "; "), strconv.Itoa(n.train), strconv.Itoa(n.test), "", ""}
			for _, rows := range n.classes {
				cells = append(cells, strconv.Itoa(rows))
			}
			if err := put(cells...); err != nil {
				return err
			}
		}
		return nil
	})
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
