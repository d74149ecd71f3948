package judge

import "math"

// Estimated is a mean and its standard error. Items of one prompt are taken as one draw (the cluster-robust variance of a mean), because many people
// vote on the same responses.
type Estimated struct {
	Mean float64  `json:"mean"`
	SE   *float64 `json:"se"` // null where there is but one prompt
}

// Agreement compares verdicts with votes.
type Agreement struct {
	Votes    int       `json:"votes"`
	Accuracy Estimated `json:"accuracy"` // share of votes that are the likeliest outcome; of several that are equally likely each counts its part
	Kappa    *float64  `json:"kappa"`    // Cohen's (1960), of the likeliest outcome and the vote, unweighted; null where it is not defined
	LogLoss  Estimated `json:"log_loss"` // in nats, of the smoothed verdict
}

// agreement compares the verdicts of some items with their votes.
func agreement(items []Voted, some []int, verdict func(i int) Verdict) Agreement {
	return Agreement{
		Votes:    len(some),
		Accuracy: estimated(items, some, func(i int) float64 { return winners(verdict(i))[items[i].Vote] }),
		Kappa:    kappa(items, some, verdict),
		LogLoss:  estimated(items, some, func(i int) float64 { return logLoss(verdict(i), items[i].Vote) }),
	}
}

// logLoss of a smoothed verdict.
func logLoss(v Verdict, vote Outcome) float64 { return -math.Log(smooth(v)[vote]) }

// winners shares 1 among the likeliest outcomes. Probabilities that differ by less than rounding are equal.
func winners(v Verdict) (share [3]float64) {
	const rounding = 1e-12
	top, count := max(v[0], v[1], v[2]), 0.0
	for _, p := range v {
		if p >= top-rounding {
			count++
		}
	}
	for i, p := range v {
		if p >= top-rounding {
			share[i] = 1 / count
		}
	}
	return share
}

// kappa is (observed - expected)/(1 - expected), where expected is the agreement of independent judges with the same shares.
func kappa(items []Voted, some []int, verdict func(i int) Verdict) *float64 {
	var judged, voted [3]float64
	n, observed := float64(len(some)), 0.0
	for _, i := range some {
		w := winners(verdict(i))
		for c := range w {
			judged[c] += w[c] / n
		}
		voted[items[i].Vote] += 1 / n
		observed += w[items[i].Vote] / n
	}
	expected := 0.0
	for c := range judged {
		expected += judged[c] * voted[c]
	}
	if !(expected < 1-1e-12) {
		return nil
	}
	k := (observed - expected) / (1 - expected)
	return &k
}

// estimated is the mean of a figure over some items.
func estimated(items []Voted, some []int, figure func(i int) float64) (e Estimated) {
	for _, i := range some {
		e.Mean += figure(i) / float64(len(some))
	}
	number := map[string]int{}
	var sums []float64
	for _, i := range some {
		g, ok := number[items[i].Prompt]
		if !ok {
			g = len(sums)
			number[items[i].Prompt], sums = g, append(sums, 0)
		}
		sums[g] += figure(i) - e.Mean
	}
	groups := float64(len(sums))
	if groups < 2 {
		return e
	}
	squares := 0.0
	for _, s := range sums {
		squares += s * s
	}
	se := math.Sqrt(squares*groups/(groups-1)) / float64(len(some))
	e.SE = &se
	return e
}

// constantLoss is the log loss of predicting the shares of the votes for every item: their entropy.
func constantLoss(items []Voted) (sum float64) {
	var counts [3]float64
	for _, v := range items {
		counts[v.Vote]++
	}
	for _, c := range counts {
		if c > 0 {
			p := c / float64(len(items))
			sum -= p * math.Log(p)
		}
	}
	return sum
}
