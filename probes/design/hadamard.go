package design

// hadamard moves groups of topics that overlap like the rows of a Hadamard matrix: with q the least prime of the form 4i+3 that is no less than the
// number of topics, probe j moves topic k where j+k is a square modulo q (Paley 1933). Any two topics are moved together by the same number of probes, and
// all counts follow from sums and differences of the scores: each with an error (q+1)/(2√q) times smaller than by moving one topic at a time.
// It takes q submissions for every group of classes that is asked about.
func hadamard(o Options, p predictions) []Probe {
	q := o.Topics
	for !paley(q) {
		q++
	}
	square := make([]bool, q)
	for i := range q {
		square[i*i%q] = true
	}
	var out []Probe
	for g := range o.groups {
		for j := range q {
			one := Probe{Number: len(out) + 1}
			for k := range o.Topics {
				if square[(j+k)%q] {
					one.Q = append(one.Q, p.moved(g))
				} else {
					one.Q = append(one.Q, p.base())
				}
			}
			out = append(out, one)
		}
	}
	return out
}

// paley tells whether q is a prime of the form 4i+3.
func paley(q int) bool {
	if q%4 != 3 {
		return false
	}
	for f := 3; f*f <= q; f += 2 {
		if q%f == 0 {
			return false
		}
	}
	return true
}
