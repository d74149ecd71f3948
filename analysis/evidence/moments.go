package evidence

import "gonum.org/v1/gonum/mat"

// moments are those of mean losses when every row's class is drawn on its own.
type moments struct {
	mean  []float64     // of each file over all rows
	label *mat.SymDense // covariance of the means over all rows, files × files: only the classes are unknown there
	rows  *mat.SymDense // expected covariance of the losses over rows (divisor rows-1), files × files
	drift *mat.Dense    // files × classes: what the mean of a part gains per unit of relative drift of a class
	class []target      // the shares of the classes, as means of losses that are 1 for the class and 0 for others
}

// target is a mean over rows that is asked for: its mean, and how it goes with itself and with the files.
type target struct {
	mean      float64
	label     []float64 // covariance with each file as in moments.label
	rows      []float64 // as in moments.rows
	drift     []float64 // by class
	selfLabel float64
	selfRows  float64
}

// moments turns sums over n rows into moments. With X the losses of a row and X̄ their mean over the rows, the expected covariance over rows is
// (Σ E[XXᵀ] - n E[X̄X̄ᵀ]) / (n-1).
func (s *sums) moments(n int) *moments {
	m, N := len(s.mean), float64(n)
	out := &moments{mean: make([]float64, m), label: mat.NewSymDense(m, nil), rows: mat.NewSymDense(m, nil)}
	for j, v := range s.mean {
		out.mean[j] = v / N
	}
	for j := range m {
		for k := j; k < m; k++ {
			label := s.inner[j*m+k] / (N * N)
			out.label.SetSym(j, k, label)
			out.rows.SetSym(j, k, overRows(s.inner[j*m+k]+s.outer[j*m+k], out.mean[j]*out.mean[k], label, N))
		}
	}
	out.drift = mat.NewDense(m, len(s.share), nil)
	for c := range s.share {
		for j := range m {
			out.drift.Set(j, c, (s.cross[j*len(s.share)+c]-s.share[c]*out.mean[j])/N)
		}
	}
	for c := range s.share {
		out.class = append(out.class, s.classTarget(c, out.mean, N))
	}
	return out
}

// overRows is the expected covariance over rows of two values whose products sum to sum, for means with that product and covariance.
func overRows(sum, product, label, n float64) float64 {
	if n == 1 {
		return 0
	}
	return (sum - n*(product+label)) / (n - 1)
}

// classTarget is the share of class c.
func (s *sums) classTarget(c int, mean []float64, n float64) target {
	share := s.share[c] / n
	t := target{mean: share, selfLabel: (s.share[c] - s.square[c]) / (n * n)}
	t.selfRows = overRows(s.share[c], share*share, t.selfLabel, n)
	for j := range mean {
		v := s.cross[j*len(s.share)+c]
		label := (v - s.level[j*len(s.share)+c]) / (n * n)
		t.label = append(t.label, label)
		t.rows = append(t.rows, overRows(v, share*mean[j], label, n))
	}
	for d, v := range s.share {
		drift := -share * v / n
		if d == c {
			drift += share
		}
		t.drift = append(t.drift, drift)
	}
	return t
}

// file is the mean loss of file j as a target.
func (m *moments) file(j int) target {
	return target{
		mean: m.mean[j], label: mat.Row(nil, j, m.label), rows: mat.Row(nil, j, m.rows), drift: mat.Row(nil, j, m.drift),
		selfLabel: m.label.At(j, j), selfRows: m.rows.At(j, j),
	}
}
