package design

import (
	"fmt"

	"lbprobe/probes/metric"
)

// Groups tells which classes each unknown of a topic counts, by index, under a metric; classes is 1 for a truth of numbers without classes, which
// are all counted as one. outside says that a submission of one column may hold what no row can be.
//
// What a metric can tell of a topic is the affine hull of what its rows may be made to cost. Class A can be made all but free under a logarithm:
// then presence counts the rows not of A. Under accuracy all classes but one cost the same: presence counts that one. A number far outside
// costs all classes about the same: presence counts the topic's rows. Otherwise presence asks for both counts, as rows does. The error says
// why a target can't be asked.
func Groups(t Target, s metric.Scoring, classes int, outside bool) ([][]int, error) {
	groups, err := t.Groups(classes)
	if err != nil {
		return nil, err
	}
	switch m := s.Metric; {
	case m == metric.AUC:
		return nil, fmt.Errorf("auc can't be read: it compares pairs of rows, so that its score is a ratio of products of the counts, and one order of "+
			"the topics tells no count by itself; %s needs a metric with a cost of its own for each row", t)
	case m == metric.Accuracy:
		return accuracyGroups(t, groups, classes, outside)
	case m.Numeric():
		return numericGroups(t, s, groups, classes, outside)
	case m == metric.Brier && t == Presence:
		return Rows.Groups(classes)
	}
	return groups, nil
}

func accuracyGroups(t Target, groups [][]int, classes int, outside bool) ([][]int, error) {
	switch {
	case !outside:
		return nil, fmt.Errorf("accuracy tells only differences between the classes of a topic, as each of its rows is right for some class: %s needs "+
			"a prediction that is wrong for every row, outside = true", t)
	case t == Presence && classes > 2:
		return [][]int{{0}}, nil
	case t == Rows && classes > 2:
		return nil, fmt.Errorf("accuracy can't count the rows of several classes together, as one prediction names one class: ask for cells, or for presence, " +
			"which counts those of the first class")
	}
	return groups, nil
}

func numericGroups(t Target, s metric.Scoring, groups [][]int, classes int, outside bool) ([][]int, error) {
	m := s.Metric
	switch {
	case t == Presence && outside:
		return [][]int{count(classes)}, nil
	case s.Range != nil && t == Presence:
		return nil, fmt.Errorf("%s of a prediction within the range mixes up how many rows a topic has and how large their numbers are: presence needs "+
			"predictions far outside of it, outside = true", m)
	case s.Range != nil:
		return nil, fmt.Errorf("a range has no classes that %s could count: ask for presence", t)
	case m == metric.MAE && !outside:
		return nil, fmt.Errorf("mae within the numbers of the classes tells only differences between the classes of a topic: %s needs predictions outside, "+
			"outside = true", t)
	case classes > 2 && m != metric.MAE:
		return nil, fmt.Errorf("%s tells of each topic its rows, the sum of their numbers and that of their squares, too little for %d classes: ask for presence "+
			"with outside = true", m, classes)
	case classes > 2 && t == Rows:
		return nil, fmt.Errorf("mae can't count the rows of several classes together, as each costs something else: ask for cells, or for presence")
	case t == Presence:
		return Rows.Groups(classes)
	}
	return groups, nil
}

// count is 0 … n-1.
func count(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Latent tells whether some classes are in no group, so that not all rows are counted. classes may be 0 for a truth of numbers.
func Latent(groups [][]int, classes int) bool { return len(ungrouped(groups, classes)) > 0 }
