package calibration

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Share is a number of hits among a number of trials. Trials that come in clusters, such as all counts of one competition, are not
// independent; Squares keeps what is needed to allow for that.
type Share struct {
	Hits, Of float64
	Clusters int
	Squares  [3]float64 // sums over the clusters of hits², hits·trials and trials²
}

// add takes in one cluster.
func (s *Share) add(hits, of int) {
	if of == 0 {
		return
	}
	h, n := float64(hits), float64(of)
	s.Hits, s.Of, s.Clusters = s.Hits+h, s.Of+n, s.Clusters+1
	s.Squares[0] += h * h
	s.Squares[1] += h * n
	s.Squares[2] += n * n
}

// one takes in a trial of its own.
func (s *Share) one(hit bool) {
	h := 0
	if hit {
		h = 1
	}
	s.add(h, 1)
}

func (s *Share) join(o Share) {
	s.Hits, s.Of, s.Clusters = s.Hits+o.Hits, s.Of+o.Of, s.Clusters+o.Clusters
	for i := range s.Squares {
		s.Squares[i] += o.Squares[i]
	}
}

// Value is the share, NaN without a trial.
func (s Share) Value() float64 { return s.Hits / s.Of }

// Interval is Wilson's at 95 %, for as many independent trials as would be as uncertain: the trials over the design effect, the variance
// of the share with clusters over that without them, taken as at least 1.
func (s Share) Interval() (lo, hi float64) {
	p := s.Value()
	effect := 1.0
	if plain := s.Of * p * (1 - p); plain > 0 && s.Clusters > 1 {
		between := s.Squares[0] - 2*p*s.Squares[1] + p*p*s.Squares[2] // Σ (hits − p trials)²
		effect = max(1, between/plain*float64(s.Clusters)/float64(s.Clusters-1))
	}
	return Wilson(s.Hits/effect, s.Of/effect, 0.95)
}

// String is the share in per cent with its interval, and of how many.
func (s Share) String() string {
	if s.Of == 0 {
		return "–"
	}
	lo, hi := s.Interval()
	return fmt.Sprintf("%s (%s–%s)", percent(s.Value()), percent(lo), percent(hi))
}

// percent is rounded to a tenth, but never to all or nothing.
func percent(v float64) string {
	switch {
	case v > 0.9995 && v < 1:
		return "> 99.9"
	case v < 0.0005 && v > 0:
		return "< 0.1"
	case v == 0 || v == 1:
		return fmt.Sprintf("%.0f", 100*v)
	}
	return fmt.Sprintf("%.1f", 100*v)
}

// Wilson is the score interval of a binomial proportion (Wilson 1927) at a confidence, without continuity correction:
//
//	(p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)
func Wilson(hits, of, confidence float64) (lo, hi float64) {
	if of == 0 {
		return 0, 1
	}
	z := distuv.UnitNormal.Quantile(0.5 + confidence/2)
	p, z2 := hits/of, z*z/of
	middle, half := (p+z2/2)/(1+z2), z/(1+z2)*math.Sqrt(p*(1-p)/of+z2/(4*of))
	lo, hi = max(0, middle-half), min(1, middle+half)
	if hits == 0 {
		lo = 0
	}
	if hits == of {
		hi = 1
	}
	return lo, hi
}
