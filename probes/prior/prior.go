// Package prior is what is believed about the counts of a competition before any score is read.
//
// A static test has N_k rows of topic k, of which n_k are public. Two beliefs meet:
//
//   - the split: n_k of the N_k rows are public. With a random split the n_k are multivariate hypergeometric, which is the same as
//     independent binomials given their sum n. A finite Evidence of the split makes them beta-binomials instead, for a host who did
//     not draw the public rows at random.
//   - the classes: the rows of a topic fall into classes by a Dirichlet-multinomial, centred on the train shares, whose concentration
//     says for how many rows of evidence the train set stands. A random subset of such rows is again Dirichlet-multinomial.
//
// In a hidden test the N_k are not known. Its cells, topic by class, are Dirichlet-multinomial all together, and every topic is missing
// altogether by a small chance: the public rows are such a sample, and the others are one more, given the public ones.
//
// New joins them into a Model of the unknown counts: exact log masses, marginals, the Gaussian of the same mean and covariance, and
// the radius of the smallest ellipsoid that surely holds nearly all of the mass.
package prior

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Spec is a belief about one competition. Every slice is read, never kept or changed.
type Spec struct {
	Totals []int       // N_k: rows of each topic in the test, over all its parts; nil for a hidden test
	Rows   [2]int      // least and most rows of a hidden test, over all its parts
	Absent float64     // chance that a topic is missing in a hidden test
	Public [2]int      // least and most public rows n, taken as equally likely
	Alpha  [][]float64 // topics × classes, rows: Dirichlet parameters of a topic's classes; of all cells together in a hidden test
	Groups [][]int     // the classes that each unknown of a topic counts, disjoint; classes in no group are unseen
	Split  float64     // rows a topic: evidence that the split is random; +Inf for a random split, as in a hidden test
}

// Hidden says that the belief is about a hidden test.
func (s Spec) Hidden() bool { return s.Totals == nil }

// Unknown is one count that is asked for.
type Unknown struct {
	Topic int
	Group int // index into Spec.Groups; PublicRows for n
}

// PublicRows is the Group of the unknown that stands for n, the number of public rows.
const PublicRows = -1

// Model is the joint prior of the unknown counts. Its coordinates z are integers: a point holds every unknown, except that the last
// count is left out where all classes are seen and n is known, since it follows from the others.
type Model struct {
	*frame
	law
}

// law is how the counts are believed to be spread. There is one of a static test and one of a hidden one.
type law interface {
	// Marginal is the distribution of one unknown count.
	Marginal(u Unknown) PMF
	// PublicRowsOf is the distribution of a topic's public rows n_k.
	PublicRowsOf(k int) PMF
	// PublicRowsSeen is the distribution of n_k in a model with unseen classes, given what is known of its seen count x_k as a log
	// likelihood on the values from lo to hi.
	PublicRowsSeen(k, lo, hi int, seen func(x int) float64) PMF
	// PublicRowsAt is the distribution of n_k in a model with unseen classes where n and all seen counts are known.
	PublicRowsAt(k int, counts [][]int, n int) PMF
	// Elsewhere is the distribution of a topic's rows that are not public, given that of its public ones.
	Elsewhere(k int, public PMF) PMF
	// FewElsewhere is the probability that a topic has fewer than so many rows that are not public, given the distribution of its public ones.
	FewElsewhere(k int, public PMF, below int) float64
	// Total is the distribution of a topic's rows over all parts, given that of its public ones.
	Total(k int, public PMF) PMF
	// Unseen returns mean and variance of a topic's public rows that no unknown counts.
	Unseen(k int) (mean, variance float64)
	// Gaussian returns mean and covariance of the coordinates, given that the public rows sum to n.
	Gaussian() (mean *mat.VecDense, cov *mat.SymDense)
	// Form returns the quadratic form D(z) = |F z − t|² in which a search for points is complete. F has at least as many rows as columns,
	// and full column rank.
	Form() (f *mat.Dense, t []float64)
	// Radius returns a Ball, of radius R and weight w, such that at most the given share of the prior mass has D(z) + w² Σ_j (e_j/σ_j)² > R². D is the
	// form of Form; e_j is the error of score j, symmetric and unimodal within ±√3 σ_j, such as a rounding error of standard deviation
	// σ_j. The weight is the one of a grid for which the ball holds the fewest lattice points, about R^dim/w^scores.
	Radius(scores int, excluded float64) Ball
	// Envelopes returns those for values of n that stand for its range; none where the law has none.
	Envelopes() []Envelope

	// drawer returns what draws the counts, by topic and group, that n public rows have; nil where the law can't.
	drawer() func(rng *rand.Rand, n float64, counts [][]float64)
	logMass(counts [][]int, n int) float64
	// chained is the entropy by the chain rule; false where the law has none.
	chained() (bits float64, ok bool)
}

// Ball is the result of Radius.
type Ball struct {
	Radius2, Weight float64
	PerNat          float64 // by how much Radius2 grows, at most, if a factor e less is excluded; 0 in a hidden test, where it is not known
}

// New checks a Spec and prepares its Model.
func New(s Spec) (*Model, error) {
	f, err := newFrame(s)
	if err != nil {
		return nil, err
	}
	m := &Model{frame: f}
	if s.Hidden() {
		m.law, err = newHidden(f)
	} else {
		m.law, err = newStatic(f)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// LogMass is the exact log prior mass of a point, up to a constant that is the same for all points of the model; -Inf outside the
// support. In a static test it is by the central limit theorem where n is conditioned on without being a sum of binomials: in P(Σn_k = n |
// seen counts) where classes are unseen, and in P(Σn_k = n) where the split is not taken for random.
func (m *Model) LogMass(z []int) float64 {
	counts, n, ok := m.Counts(z)
	if !ok {
		return math.Inf(-1)
	}
	return m.logMass(counts, n)
}

// Entropy is what the unknown counts are worth under the prior, in bits: that of the Gaussian, put right for every count that is too
// small for one by the difference between its discrete marginal entropy and the Gaussian's.
func (m *Model) Entropy() float64 { return m.entropyBelow(100) }

// FullEntropy is the same without taking large counts for Gaussian: by the chain rule where that can be, else Entropy with every count put right. It takes
// longer.
func (m *Model) FullEntropy() float64 {
	if bits, ok := m.chained(); ok {
		return bits
	}
	return m.entropyBelow(math.Inf(1))
}

// entropyBelow puts the counts right whose variance is below that.
func (m *Model) entropyBelow(most float64) float64 {
	_, cov := m.Gaussian()
	h := 0.5 * (logDet(cov)/math.Ln2 + float64(m.Dim())*math.Log2(2*math.Pi*math.E))
	for i, u := range m.unknowns {
		if u.Group == PublicRows {
			continue
		}
		if v := cov.At(i, i); v > 0 && v < most {
			h += m.Marginal(u).entropy() - 0.5*math.Log2(2*math.Pi*math.E*v)
		}
	}
	return max(h, 0)
}

func logDet(s *mat.SymDense) float64 {
	var c mat.Cholesky
	if !c.Factorize(s) {
		return math.Inf(-1)
	}
	return c.LogDet()
}

// checkEvidence refuses evidence that is not a positive number of rows, and more than one group where classes are unseen.
func checkEvidence(s Spec) error {
	for k, alpha := range s.Alpha {
		for c, a := range alpha {
			if !(a > 0) || math.IsInf(a, 0) {
				return fmt.Errorf("topic %d, class %d: evidence %v is not a positive number of rows", k, c, a)
			}
		}
	}
	if len(s.Groups) != 1 && len(s.unseen()) > 0 {
		return fmt.Errorf("some classes are unseen: one group a topic is wanted, not %d", len(s.Groups))
	}
	return nil
}
