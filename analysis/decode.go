package analysis

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"lbprobe/analysis/lattice"
	"lbprobe/internal/parallel"
	"lbprobe/probes/design"
	"lbprobe/probes/metric"
	"lbprobe/probes/prior"
)

// What a search may cost, and how much prior mass it may leave out.
const (
	maxNodes  = 1<<31 - 1 // of a search without which nothing can be called exact
	listNodes = 1 << 27   // of one that only lists candidates
	maxPoints = 50_000
	excluded  = 1e-6
)

// reading is one hypothesis about the board's rounding with one belief about the counts: the equations and how they were searched.
type reading struct {
	system   *design.System
	complete bool
}

// decoder finds the integer points that fit the scores.
type decoder struct {
	models   []*prior.Model    // by falling strength of belief; one or three
	rounding []metric.Rounding // hypotheses
	readings [][]reading       // rounding × models
	points   []*point          // in the order they were found
	index    map[string]bool
	nodes    int
	sampled  bool                // draws said what some search walked
	limit    int                 // nodes of one search; 0: maxNodes, or listNodes if some search would need more
	enough   int                 // points that end a search; 0: maxPoints
	narrow   float64             // nodes from which a ball is narrowed; 0: narrowFrom
	drawn    float64             // nodes from which it is replaced by draws; 0: drawnFrom
	basis    *lattice.Basis      // of the last search: the next one's form is like it
	advance  func(done, all int) // Input.Advance
	radii    radii
}

// radii are those that were computed so far: they are the same under every hypothesis of rounding, and whichever score is left out.
type radii map[radiusOf]prior.Ball

type radiusOf struct {
	model  *prior.Model
	scores int
}

// point is one integer point that lies inside every score's interval under at least one hypothesis.
type point struct {
	z     []int
	reach int       // the first search that listed it: of models, or len(models) for the one past all of them
	mass  []float64 // posterior mass under each belief, over all hypotheses
	side  []float64 // the share of the first belief's mass that each rounding hypothesis holds
}

// search enumerates the points within reach of every belief under every hypothesis and weighs them.
func (d *decoder) search() error {
	d.points, d.index = nil, map[string]bool{}
	var balls []*ball
	for h := range d.rounding {
		for b, m := range d.models {
			if slices.Index(d.models, m) == b {
				balls = append(balls, &ball{reading: &d.readings[h][b], model: m, reach: b, stretch: 1})
			}
		}
	}
	if err := d.walk(balls); err != nil {
		return err
	}
	for h := range d.rounding {
		for b, m := range d.models {
			d.readings[h][b].complete = d.readings[h][slices.Index(d.models, m)].complete
		}
	}
	d.weigh()
	return nil
}

// searchFar looks past the reach of the last belief, in a ball with that many bits more points.
func (d *decoder) searchFar(bits float64) error {
	last := len(d.models) - 1
	m := d.models[last]
	var balls []*ball
	for h := range d.rounding {
		balls = append(balls, &ball{reading: &d.readings[h][last], model: m, reach: len(d.models), stretch: math.Exp2(2 * bits / float64(m.Dim()))})
	}
	if err := d.walk(balls); err != nil {
		return err
	}
	for _, b := range balls {
		b.complete = b.complete || len(d.points) == 0
	}
	d.weigh()
	return nil
}

// ball is where the points of one reading are looked for: where all but a millionth of the prior mass of counts and rounding errors lies, the
// squared radius stretched.
type ball struct {
	*reading
	model   *prior.Model
	reach   int
	stretch float64

	basis  *lattice.Basis
	target []float64
	region lattice.Region
	found  [][]int // inside every score's interval
	nodes  int
}

// walk lists the points of all balls, and says of each reading whether its walk got through. What takes long is done side by side. Each
// reduction begins with the basis of the one before.
func (d *decoder) walk(balls []*ball) error {
	d.measure(balls)
	for _, b := range balls {
		form, target := stacked(b.system, b.model, d.radius(b).Weight)
		basis, err := lattice.Reduce(form, d.basis)
		if err != nil {
			return fmt.Errorf("reduce the lattice of %d counts: %w", b.model.Dim(), err)
		}
		d.basis, b.basis, b.target = basis, basis, target
	}
	nodes, points := cmp.Or(d.limit, maxNodes), cmp.Or(d.enough, maxPoints)
	parallel.Blocks(len(balls), 1, 0, func(i, _ int) { balls[i].bound(d.radius(balls[i]), cmp.Or(d.narrow, narrowFrom)) })
	if d.limit == 0 {
		for _, b := range balls {
			if b.estimate() < cmp.Or(d.drawn, drawnFrom) {
				continue
			}
			replaced, err := b.redraw()
			if err != nil {
				return err
			}
			d.sampled = d.sampled || replaced
		}
	}
	if slices.ContainsFunc(balls, func(b *ball) bool { return b.estimate() > maxNodes }) {
		nodes = min(nodes, listNodes)
	}
	tell := d.teller(balls, nodes)
	parallel.Blocks(len(balls), 1, 0, func(i, _ int) { balls[i].walk(nodes, points, tell(i)) })
	for _, b := range balls {
		d.nodes += b.nodes
		for _, z := range b.found {
			if k := key(z); !d.index[k] {
				d.index[k] = true
				d.points = append(d.points, &point{z: z, reach: b.reach})
			}
		}
	}
	return nil
}

// measure computes the radii that are still unknown.
func (d *decoder) measure(balls []*ball) {
	if d.radii == nil {
		d.radii = radii{}
	}
	var missing []radiusOf
	for _, b := range balls {
		if _, ok := d.radii[b.size()]; !ok && !slices.Contains(missing, b.size()) {
			missing = append(missing, b.size())
		}
	}
	measured := make([]prior.Ball, len(missing))
	parallel.Blocks(len(missing), 1, 0, func(i, _ int) { measured[i] = missing[i].model.Radius(missing[i].scores, excluded) })
	for i, r := range measured {
		d.radii[missing[i]] = r
	}
}

func (d *decoder) radius(b *ball) prior.Ball { return d.radii[b.size()] }

func (b *ball) size() radiusOf { return radiusOf{b.model, len(b.system.Sigma)} }

// longWalk is from how many nodes on it is told how far walks have come, and nodesTold the unit.
const (
	longWalk  = 1 << 26
	nodesTold = 1_000_000
)

// teller returns what tells of each ball's walk how far all of them have come together, in millions of nodes as estimated; nothing of short ones.
func (d *decoder) teller(balls []*ball, nodes int) func(i int) func(done, all int) {
	expected, walked := make([]float64, len(balls)), make([]float64, len(balls))
	for i, b := range balls {
		if n := b.estimate(); n <= float64(nodes) {
			expected[i] = n
		}
	}
	total := floats.Sum(expected)
	if d.advance == nil || total < longWalk {
		return func(int) func(done, all int) { return nil }
	}
	var telling sync.Mutex
	return func(i int) func(done, all int) {
		return func(done, all int) {
			telling.Lock()
			defer telling.Unlock()
			walked[i] = expected[i] * float64(done) / float64(all)
			d.advance(int(floats.Sum(walked)/nodesTold), int(total/nodesTold))
		}
	}
}

// walk lists the points, up to so many, and says whether it got through in so many nodes.
func (b *ball) walk(nodes, points int, tell func(done, all int)) {
	if b.complete = false; b.estimate() > float64(nodes) {
		return
	}
	var walk lattice.Search
	b.found, walk = b.basis.Near(b.target, b.region, nodes, points, b.system.Admits, tell)
	b.nodes, b.complete = walk.Nodes, walk.Complete
}

// estimate is about how many nodes a walk visits.
func (b *ball) estimate() float64 { return b.basis.Nodes(b.target, b.region) }

// stacked is the form D(z) + weight² Σ_j (A_j z − target_j)²/σ_j² as |B z − t|², where D is the prior's and √3 σ_j the largest error of
// score j that is let pass.
func stacked(sys *design.System, m *prior.Model, weight float64) (b *mat.Dense, t []float64) {
	form, t := m.Form()
	r, d := form.Dims()
	b = mat.NewDense(r+len(sys.Sigma), d, nil)
	b.Slice(0, r, 0, d).(*mat.Dense).Copy(form)
	for j := range sys.Sigma {
		scale := weight * math.Sqrt(3) / sys.Reach(j)
		for i, a := range sys.A.RawRowView(j) {
			b.Set(r+j, i, a*scale)
		}
		t = append(t, sys.Target[j]*scale)
	}
	return b, t
}

func key(z []int) string {
	b := make([]byte, 0, 3*len(z))
	for _, v := range z {
		b = binary.AppendVarint(b, int64(v))
	}
	return string(b)
}

// weigh gives every point its posterior mass under every belief, the hypotheses of rounding being equally likely before the scores.
func (d *decoder) weigh() {
	for _, p := range d.points {
		p.mass = nil
	}
	for b, m := range d.models {
		var logs [][]float64
		most := math.Inf(-1)
		for _, p := range d.points {
			l := make([]float64, len(d.rounding))
			mass := m.LogMass(p.z)
			for h := range d.rounding {
				l[h] = mass + d.readings[h][b].system.LogLikelihood(p.z)
				most = max(most, l[h])
			}
			logs = append(logs, l)
		}
		normalise(d.points, logs, most, b == 0)
	}
}

// normalise turns the log masses of points, by hypothesis, into their masses under one belief. They stay 0 where the belief has none for
// any of them.
func normalise(points []*point, logs [][]float64, most float64, sides bool) {
	total := 0.0
	for i := range points {
		for h, l := range logs[i] {
			logs[i][h] = math.Exp(l - most)
			if math.IsInf(most, -1) {
				logs[i][h] = 0
			}
			total += logs[i][h]
		}
	}
	for i, p := range points {
		sum := 0.0
		for h := range logs[i] {
			logs[i][h] /= max(total, math.SmallestNonzeroFloat64)
			sum += logs[i][h]
		}
		p.mass = append(p.mass, sum)
		if sides {
			p.side = logs[i]
		}
	}
}

// ranked lists the points by their mass under the stated belief, ties by their coordinates.
func (d *decoder) ranked() []*point {
	out := slices.Clone(d.points)
	slices.SortFunc(out, func(a, b *point) int {
		return cmp.Or(cmp.Compare(b.mass[0], a.mass[0]), slices.Compare(a.z, b.z))
	})
	return out
}

// complete says whether every search was.
func (d *decoder) complete() bool { return d.completeFor(len(d.models)) }

// completeFor says whether the searches of the first few beliefs were.
func (d *decoder) completeFor(beliefs int) bool {
	for _, row := range d.readings {
		for _, r := range row[:beliefs] {
			if !r.complete {
				return false
			}
		}
	}
	return true
}
