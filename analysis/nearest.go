package analysis

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"lbprobe/analysis/lattice"
	"lbprobe/probes/design"
	"lbprobe/probes/prior"
)

// Balls in which the nearest counts are looked for grow by their nodes, as estimated, of which a walk may visit nearSlack times as many. What is so far
// out that its chance would be below nearChance is not looked for.
const (
	leastNear  = 1 << 14
	growthNear = 1 << 3
	mostNear   = 1 << 27
	nearSlack  = 2
	nearChance = 1e-3
)

// near is a point found without a list of all that fit.
type near struct {
	*point
	log float64 // of its mass over that of all real counts, in the Gaussian posterior
}

// nearest looks for the likeliest counts where too many come near the scores to list them all: those that are nearest in the Gaussian posterior and
// lie inside every score's interval, under either hypothesis of rounding. They become the decoder's only point. The chance that they are the truth
// is that of their mass against the mean mass of as many other points as are near by chance, as if these lay anywhere: about right, never a proof.
// It is 0 where none was found.
func (a *analyst) nearest() (chance float64, err error) {
	var best *near
	total := 0.0
	for h := range a.decoder.rounding {
		n, err := a.nearestUnder(h)
		if err != nil {
			return 0, err
		}
		if total++; n == nil {
			continue
		}
		total += math.Exp(n.log)
		if best == nil || n.log > best.log {
			best = n
		}
	}
	if best == nil {
		return 0, nil
	}
	a.decoder.points = []*point{best.point}
	if math.IsInf(total, 1) {
		return 1, nil
	}
	return math.Exp(best.log) / total, nil
}

// nearestUnder is that under one hypothesis, nil where none was found. Balls grow until one holds such a point.
func (a *analyst) nearestUnder(h int) (*near, error) {
	system, model := a.decoder.readings[h][stated].system, a.models[stated]
	form, target, err := posterior(system, model)
	if err != nil {
		return nil, err
	}
	basis, err := lattice.Reduce(form, a.decoder.basis)
	if err != nil {
		return nil, fmt.Errorf("reduce the lattice of %d counts: %w", model.Dim(), err)
	}
	farthest := basis.Distance2(target, math.Log(nearChance))
	for nodes := leastNear; nodes <= mostNear; nodes *= growthNear {
		radius2 := basis.Reach(target, float64(nodes))
		z, distance2, search := basis.Closest(target, min(radius2, farthest), nearSlack*nodes, system.Admits)
		a.decoder.nodes += search.Nodes
		if z != nil {
			side := make([]float64, len(a.decoder.rounding))
			side[h] = 1
			return &near{&point{z: z, mass: []float64{1}, side: side}, basis.LogShare(target, distance2)}, nil
		}
		if radius2 > farthest {
			break
		}
	}
	return nil, nil
}

// posterior is (z − mean)ᵀ C⁻¹ (z − mean) + Σ_j (A_j z − target_j)²/σ_j² as |B z − t|², mean and C those of the belief: minus twice the log density
// of the Gaussian posterior, up to a constant.
func posterior(sys *design.System, m *prior.Model) (b *mat.Dense, t []float64, err error) {
	mean, cov := m.Gaussian()
	var chol mat.Cholesky
	if !chol.Factorize(cov) {
		return nil, nil, fmt.Errorf("the covariance of %d counts is not positive definite", m.Dim())
	}
	var lower, root mat.TriDense
	chol.LTo(&lower)
	if err := root.InverseTri(&lower); err != nil {
		return nil, nil, fmt.Errorf("the covariance of %d counts is too ill-conditioned: %w", m.Dim(), err)
	}
	d, scores := m.Dim(), len(sys.Sigma)
	b = mat.NewDense(d+scores, d, nil)
	b.Slice(0, d, 0, d).(*mat.Dense).Copy(&root)
	var middle mat.VecDense
	middle.MulVec(&root, mean)
	t = append(t, middle.RawVector().Data...)
	for j, sigma := range sys.Sigma {
		for i, v := range sys.A.RawRowView(j) {
			b.Set(d+j, i, v/sigma)
		}
		t = append(t, sys.Target[j]/sigma)
	}
	return b, t, nil
}

// guess reports what is known without a list of the points that fit: the Gaussian posterior, and the nearest counts by their chance.
func (a *analyst) guess(r *Result) error {
	smooth := a.smooth(stated)
	chance, err := a.nearest()
	if err != nil {
		return err
	}
	if chance == 0 {
		a.report(r, smooth, a.smooth(a.loose()))
		return nil
	}
	if best := a.decoder.points[0]; chance > 0.5 {
		r.Status, r.Residuals = Candidates, a.residuals(best)
		r.Conclusion = fmt.Sprintf("the nearest counts that fit are right with a chance of about %s, the others too many to list; not claimed exact before about %s",
			rounded(chance), more(r.Identified.SubmissionsMore))
		a.foretell(best)
	}
	a.report(r, mixed([]marginals{a.pointwise(stated), smooth}, []float64{chance, 1 - chance}), a.smooth(a.loose()))
	return nil
}

// rounded is a chance in two digits that never says certain.
func rounded(chance float64) string {
	if chance > 0.99 {
		return "0.99 or more"
	}
	return fmt.Sprintf("%.2f", chance)
}
