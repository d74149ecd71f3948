package evidence

// draw is how far the means of the parts lie from the mean of all rows, when the parts are drawn at random without replacement. With S² the
// variance of a value over all N rows (divisor N-1), n public, r private rows:
//
//	Var(public mean) = S² (1/n - 1/N)    Var(private mean) = S² (1/r - 1/N)    Cov = -S²/N
//
// (Cochran, Sampling Techniques, 1977, theorem 2.2). Where n or the unscored rows are a range, the expectations over it.
type draw struct {
	cov     [2][2]float64 // by part, in units of S²
	reach   [2]float64    // what a drift of the difference by 1 adds to the mean of a part; public - private = 1
	private bool          // there are private rows, whatever the ranges hold
	share   float64       // of the public rows among those scored
}

// steps is how many numbers of a range are looked at, at most.
const steps = 101

func newDraw(rows int, public, unscored [2]int) draw {
	d := draw{private: rows-public[1]-unscored[1] > 0}
	all, points := 1/float64(rows), 0.0
	for _, n := range grid(public) {
		for _, u := range grid(unscored) {
			r := float64(rows) - n - u
			d.cov[Public][Public] += 1/n - all
			d.share += n / (n + r)
			if d.private {
				d.cov[Private][Private] += 1/r - all
			}
			points++
		}
	}
	d.cov[Public][Public] /= points
	d.cov[Private][Private] /= points
	d.share /= points
	d.cov[Public][Private], d.cov[Private][Public] = -all, -all
	d.reach = [2]float64{1 - d.share, -d.share}
	return d
}

// grid spreads at most steps numbers evenly over a range, both ends included.
func grid(r [2]int) []float64 {
	n := min(r[1]-r[0]+1, steps)
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(r[0])
		if n > 1 {
			out[i] += float64(i) * float64(r[1]-r[0]) / float64(n-1)
		}
	}
	return out
}
