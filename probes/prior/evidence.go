package prior

import "math"

// Weak is the default concentration, in rows of evidence over all topics: twenty a topic.
func Weak(topics int) float64 { return 20 * float64(topics) }

// Absent is the default chance that a topic is missing in a hidden test.
const Absent = 0.05

// Hidden is the belief about a hidden test of so many rows, of which so many are public: its cells are centred on the train rows by topic and class,
// for which concentration rows of evidence stand. The groups are left open.
func Hidden(train [][]int, rows, public [2]int, concentration, absent float64) Spec {
	return Spec{Rows: rows, Absent: absent, Public: public, Alpha: ClassEvidence(train, concentration), Split: math.Inf(1)}
}

// ClassEvidence turns train rows by topic and class (topics × classes) into Dirichlet parameters of the same shape: concentration rows of
// evidence, shared among the topics by their train rows and, within a topic, among its classes. A topic's class shares are drawn
// towards those of all rows by the weight of one row a class, so that a small topic rules nothing out, and a topic without train rows
// counts as half a row.
func ClassEvidence(train [][]int, concentration float64) [][]float64 {
	classes := len(train[0])
	overall, rows := make([]float64, classes), 0.0
	for _, counts := range train {
		for c, n := range counts {
			overall[c] += float64(n)
			rows += float64(n)
		}
	}
	for c := range overall {
		overall[c] = (overall[c] + 1) / (rows + float64(classes))
	}
	out := make([][]float64, len(train))
	for k, counts := range train {
		n := 0.0
		for _, v := range counts {
			n += float64(v)
		}
		weight := concentration * math.Max(n, 0.5) / math.Max(rows, 1)
		out[k] = make([]float64, classes)
		for c, v := range counts {
			share := (float64(v) + float64(classes)*overall[c]) / (n + float64(classes))
			out[k][c] = math.Max(weight*share, leastEvidence)
		}
	}
	return out
}

// leastEvidence keeps the class shares of a tiny topic from being all or nothing: below a tenth of a row a Dirichlet distribution is a
// bet that the topic has one class only.
const leastEvidence = 0.1

// FlatEvidence is one row of evidence a cell.
func FlatEvidence(topics, classes int) [][]float64 {
	out := make([][]float64, topics)
	for k := range out {
		out[k] = make([]float64, classes)
		for c := range out[k] {
			out[k][c] = 1
		}
	}
	return out
}

// The beliefs of Beliefs, by index.
const (
	Stated = iota
	Tenth
	Flat
	Loose
)

// Beliefs returns beliefs of falling strength about the same competition: the one stated; one with a tenth of its evidence about the classes; a flat one,
// one row of evidence a cell; and, where the stated one takes the split for random, a loose one, which is flat about the split too: one row of evidence for
// each part of it in every topic. The second is never weaker than the third, which is asked anyway. A reading that only the first supports is not
// called exact. The loose one is for counts that none of the others can hold, and for what can be said without trusting the split.
//
// In a hidden test the split has no say in the public counts: there is no loose belief. A topic may always be missing there, by the chance Absent or more, under
// the two weaker ones.
func Beliefs(s Spec) []Spec {
	weak, flat := s, s
	weak.Alpha = make([][]float64, len(s.Alpha))
	for k, alpha := range s.Alpha {
		weak.Alpha[k] = make([]float64, len(alpha))
		for c, a := range alpha {
			weak.Alpha[k][c] = math.Max(a/10, math.Min(a, 1))
		}
	}
	flat.Alpha = FlatEvidence(len(s.Alpha), len(s.Alpha[0]))
	if s.Hidden() {
		weak.Absent = math.Max(s.Absent, Absent)
		flat.Absent = weak.Absent
		return []Spec{s, weak, flat}
	}
	loose := flat
	loose.Split = math.Min(s.Split, 2*float64(len(s.Alpha)))
	return []Spec{s, weak, flat, loose}
}
