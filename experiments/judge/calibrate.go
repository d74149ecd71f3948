package judge

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"lbprobe/internal/fault"
)

// Smoothing is the share of the uniform verdict that is mixed into every verdict before its logarithm is taken, in [Map] and in the log loss of
// [Agreement]: a model that says 0 does not mean never. s = (1 - Smoothing)·p + Smoothing/3.
const Smoothing = 0.02

// Map corrects verdicts. It is Dirichlet calibration (Kull et al. 2019, "Beyond temperature scaling", arXiv:1910.12656: the softmax of a linear map
// of log probabilities) among those maps that do not tell A from B, so that a corrected verdict, too, cannot depend on the order. With s the smoothed
// verdict:
//
//	q ∝ (e^x, e^y, 1)
//	x = Own·ln s_A + Other·ln s_B + Tie·ln s_tie + Bias
//	y = Own·ln s_B + Other·ln s_A + Tie·ln s_tie + Bias
//
// (1, 0, -1, 0) changes nothing but the smoothing; (1/T, 0, -1/T, 0) is temperature scaling; Bias below 0 makes ties more frequent.
type Map struct {
	Own   float64 `json:"own"`
	Other float64 `json:"other"`
	Tie   float64 `json:"tie"`
	Bias  float64 `json:"bias"`
}

// identity is the map that only smooths.
var identity = Map{Own: 1, Tie: -1}

// smooth mixes the uniform verdict in.
func smooth(v Verdict) (s Verdict) {
	for i := range v {
		s[i] = (1-Smoothing)*v[i] + Smoothing/3
	}
	return s
}

// features are what the parameters of a map are multiplied with, for x and for y.
func features(v Verdict) (x, y [4]float64) {
	s := smooth(v)
	a, b, t := math.Log(s[WinsA]), math.Log(s[WinsB]), math.Log(s[Tie])
	return [4]float64{a, b, t, 1}, [4]float64{b, a, t, 1}
}

// Apply is the corrected verdict.
func (m Map) Apply(v Verdict) Verdict {
	x, y := features(v)
	w := m.vector()
	return softmax(dot(w, x), dot(w, y))
}

func (m Map) vector() [4]float64 { return [4]float64{m.Own, m.Other, m.Tie, m.Bias} }

func dot(w, f [4]float64) (sum float64) {
	for i := range w {
		sum += w[i] * f[i]
	}
	return sum
}

// softmax is the verdict of two logits, that of a tie being 0.
func softmax(x, y float64) Verdict {
	top := max(x, y, 0)
	a, b, t := math.Exp(x-top), math.Exp(y-top), math.Exp(-top)
	sum := a + b + t
	return Verdict{a / sum, b / sum, t / sum}
}

// ridge is the weight of the squared distance to the identity in the fit, in votes: with few votes a map stays near it.
const ridge = 1.0

// point is a voted verdict as the fit sees it.
type point struct {
	x, y [4]float64
	vote Outcome
}

// fitMap finds the map of the greatest likelihood less the ridge's penalty, by Newton's method: the problem is strictly convex.
func fitMap(points []point) Map {
	w := identity.vector()
	loss := penalised(w, points)
	for range 100 {
		step := newtonStep(w, points)
		size := 1.0
		for ; size > 1e-10; size /= 2 {
			next := w
			for i := range next {
				next[i] -= size * step[i]
			}
			if l := penalised(next, points); l < loss {
				w, loss = next, l
				break
			}
		}
		if size <= 1e-10 { // no step lowers the loss in float64: this is the minimum
			break
		}
	}
	return Map{w[0], w[1], w[2], w[3]}
}

// penalised is what the fit minimises.
func penalised(w [4]float64, points []point) float64 {
	sum := 0.0
	for _, p := range points {
		sum -= math.Log(softmax(dot(w, p.x), dot(w, p.y))[p.vote])
	}
	for i, u := range identity.vector() {
		sum += ridge / 2 * (w[i] - u) * (w[i] - u)
	}
	return sum
}

// newtonStep solves Hessian·step = gradient at w.
func newtonStep(w [4]float64, points []point) (step [4]float64) {
	hessian, gradient := mat.NewSymDense(4, nil), mat.NewVecDense(4, nil)
	for i, u := range identity.vector() {
		hessian.SetSym(i, i, ridge)
		gradient.SetVec(i, ridge*(w[i]-u))
	}
	for _, p := range points {
		x, y := p.x, p.y
		q := softmax(dot(w, x), dot(w, y))
		observed := [2]float64{}
		if p.vote != Tie {
			observed[p.vote] = 1
		}
		for i := range 4 {
			gradient.SetVec(i, gradient.AtVec(i)+(q[WinsA]-observed[WinsA])*x[i]+(q[WinsB]-observed[WinsB])*y[i])
			mi := q[WinsA]*x[i] + q[WinsB]*y[i]
			for j := i; j < 4; j++ {
				mj := q[WinsA]*x[j] + q[WinsB]*y[j]
				hessian.SetSym(i, j, hessian.At(i, j)+q[WinsA]*x[i]*x[j]+q[WinsB]*y[i]*y[j]-mi*mj)
			}
		}
	}
	var c mat.Cholesky
	var out mat.VecDense
	if !c.Factorize(hessian) || c.SolveVecTo(&out, gradient) != nil {
		return step // with the ridge the Hessian is positive definite but for overflow: stay
	}
	for i := range step {
		step[i] = out.AtVec(i)
	}
	return step
}

// Voted is a judged item on which people have voted.
type Voted struct {
	Judged Judged
	Vote   Outcome
	Prompt string // items of one prompt are never on both sides of a fold, and are not taken for independent
	Topic  int
}

// Least number of votes and prompts that a calibration makes sense with.
const (
	leastVotes   = 50
	leastPrompts = 10
	folds        = 5
)

// Calibration is how well verdicts agree with votes, and the map that corrects them.
type Calibration struct {
	Map        Map          `json:"map"`       // fitted to all votes
	Before     Agreement    `json:"before"`    // of the verdicts, both orders together
	After      Agreement    `json:"after"`     // corrected, each by a map that has not seen its prompt
	Gain       Estimated    `json:"gain"`      // log loss before less after
	FirstOrder Agreement    `json:"order_ab"`  // of the verdicts with A shown first
	OtherOrder Agreement    `json:"order_ba"`  // with B shown first
	Position   Position     `json:"position"`  //
	Topics     []TopicAgree `json:"topics"`    // that have votes, in order
	Constant   float64      `json:"constant"`  // log loss of the votes' own shares: what a judge without eyes gets
	Corrected  []Verdict    `json:"-"`         // of the voted items, each by a map that has not seen its prompt
	Smoothing  float64      `json:"smoothing"` //
}

// Position is what the order of the responses did to the verdicts.
type Position struct {
	Gap   Estimated `json:"gap"`   // mean of Judged.Gap: above 0 the first response is favoured
	Flips float64   `json:"flips"` // share of the items whose winner changes with the order
}

// TopicAgree is the agreement within a topic.
type TopicAgree struct {
	Topic  int       `json:"topic"`
	Before Agreement `json:"before"`
	After  Agreement `json:"after"`
}

// Calibrate measures and corrects verdicts by votes, in five folds of whole prompts that the seed draws. All items must have a verdict.
func Calibrate(items []Voted, seed uint64) (*Calibration, error) {
	fold, prompts := foldsOf(items, seed)
	if err := EnoughVotes(len(items), prompts); err != nil {
		return nil, err
	}
	c := &Calibration{Smoothing: Smoothing, Map: fitWhere(items, func(int) bool { return true })}
	c.Corrected = make([]Verdict, len(items))
	for f := range folds {
		m := fitWhere(items, func(i int) bool { return fold[i] != f })
		for i := range items {
			if fold[i] == f {
				c.Corrected[i] = m.Apply(items[i].Judged.Verdict)
			}
		}
	}
	c.measure(items)
	return c, nil
}

// EnoughVotes refuses votes that are too few to calibrate by. The error is a *fault.Error without a place.
func EnoughVotes(votes, prompts int) error {
	if votes >= leastVotes && prompts >= leastPrompts {
		return nil
	}
	return &fault.Error{Msg: fmt.Sprintf("there are votes on %d rows with %d prompts, too few to calibrate by", votes, prompts),
		Fix: fmt.Sprintf("Judge more rows with votes: %d with %d prompts at least", leastVotes, leastPrompts)}
}

// foldsOf deals the prompts to the folds, and counts them.
func foldsOf(items []Voted, seed uint64) (fold []int, prompts int) {
	number := map[string]int{}
	for _, v := range items {
		if _, ok := number[v.Prompt]; !ok {
			number[v.Prompt] = len(number)
		}
	}
	place := rand.New(rand.NewPCG(seed, 0x666f6c6473)).Perm(len(number))
	fold = make([]int, len(items))
	for i, v := range items {
		fold[i] = place[number[v.Prompt]] % folds
	}
	return fold, len(number)
}

// fitWhere fits a map to some of the items.
func fitWhere(items []Voted, chosen func(i int) bool) Map {
	var points []point
	for i, v := range items {
		if chosen(i) {
			x, y := features(v.Judged.Verdict)
			points = append(points, point{x, y, v.Vote})
		}
	}
	return fitMap(points)
}

// measure fills in every figure.
func (c *Calibration) measure(items []Voted) {
	all := make([]int, len(items))
	topics := map[int][]int{}
	flips := 0
	for i, v := range items {
		all[i] = i
		topics[v.Topic] = append(topics[v.Topic], i)
		if v.Judged.Flips() {
			flips++
		}
	}
	before := func(i int) Verdict { return items[i].Judged.Verdict }
	after := func(i int) Verdict { return c.Corrected[i] }
	c.Before, c.After = agreement(items, all, before), agreement(items, all, after)
	c.FirstOrder = agreement(items, all, func(i int) Verdict { return items[i].Judged.Orders[0] })
	c.OtherOrder = agreement(items, all, func(i int) Verdict { return items[i].Judged.Orders[1] })
	c.Gain = estimated(items, all, func(i int) float64 { return logLoss(before(i), items[i].Vote) - logLoss(after(i), items[i].Vote) })
	c.Position = Position{Gap: estimated(items, all, func(i int) float64 { return items[i].Judged.Gap() }), Flips: float64(flips) / float64(len(items))}
	c.Constant = constantLoss(items)
	for _, t := range slices.Sorted(maps.Keys(topics)) {
		c.Topics = append(c.Topics, TopicAgree{t, agreement(items, topics[t], before), agreement(items, topics[t], after)})
	}
}
