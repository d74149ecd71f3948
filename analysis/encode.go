package analysis

import (
	"encoding/csv"
	"io"
	"strconv"
)

// WriteCounts writes counts.csv: split,topic,class,lo,best,hi,exact,posterior, topic "*" for all rows.
func WriteCounts(w io.Writer, r *Result) error {
	rows := [][]string{{"split", "topic", "class", "lo", "best", "hi", "exact", "posterior"}}
	for _, c := range r.Counts {
		topic := strconv.Itoa(c.Topic)
		if c.Topic == AllTopics {
			topic = "*"
		}
		rows = append(rows, []string{c.Split, topic, c.Class, strconv.Itoa(c.Lo), strconv.Itoa(c.Best), strconv.Itoa(c.Hi),
			strconv.FormatBool(c.Exact), number(c.Posterior)})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// WriteVerdicts writes verdicts.csv. Shifts are empty where the train set has no row of the topic.
func WriteVerdicts(w io.Writer, r *Result) error {
	rows := [][]string{{"topic", "name", "train_share", "public_lo", "public_best", "public_hi", "private_lo", "private_best", "private_hi",
		"p_private", "verdict", "exact", "source", "shift_lo", "shift", "shift_hi"}}
	for _, v := range r.Verdicts {
		row := []string{strconv.Itoa(v.Topic), v.Name, number(v.TrainShare)}
		for _, n := range []int{v.PublicLo, v.PublicBest, v.PublicHi, v.PrivateLo, v.PrivateBest, v.PrivateHi} {
			row = append(row, strconv.Itoa(n))
		}
		row = append(row, number(v.PPrivate), string(v.Verdict), strconv.FormatBool(v.Exact), v.Source)
		for _, s := range []float64{v.ShiftLo, v.Shift, v.ShiftHi} {
			if v.TrainShare == 0 {
				row = append(row, "")
			} else {
				row = append(row, number(s))
			}
		}
		rows = append(rows, row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
