package prior

import (
	"fmt"
	"math"
	"testing"
)

// TestFullEntropy holds the entropy of a belief that hardly trusts the split against that of all its points, written out: putting large
// counts right must not make it too small, or the scores would seem to tell more than they do.
func TestFullEntropy(t *testing.T) {
	for _, c := range []struct {
		target string
		totals []int
		public [2]int
	}{
		{"presence", []int{200, 150, 100}, [2]int{90, 90}},
		{"presence", []int{200, 150}, [2]int{90, 95}},
		{"rows", []int{200, 150}, [2]int{90, 90}},
	} {
		t.Run(fmt.Sprintf("%s/n=%v", c.target, c.public), func(t *testing.T) {
			m, err := New(Spec{Totals: c.totals, Public: c.public, Alpha: FlatEvidence(len(c.totals), 3), Groups: groupings(3)[c.target],
				Split: 2 * float64(len(c.totals))})
			if err != nil {
				t.Fatal(err)
			}
			want, full, gaussian := writtenOut(m, c.public[1]), m.FullEntropy(), m.Entropy()
			t.Logf("written out %.2f, full %.2f, most counts taken for Gaussian %.2f bits", want, full, gaussian)
			if full < want-0.1 || full >= gaussian {
				t.Errorf("%v bits: not between the true %v and the %v of a Gaussian", full, want, gaussian)
			}
		})
	}
}

// writtenOut is the entropy of all points whose coordinates are at most n, in bits.
func writtenOut(m *Model, n int) float64 {
	z, sum, logs := make([]int, m.Dim()), 0.0, 0.0
	for {
		if l := m.LogMass(z); !math.IsInf(l, -1) {
			sum += math.Exp(l)
			logs += math.Exp(l) * l
		}
		i := 0
		for ; i < len(z) && z[i] == n; i++ {
			z[i] = 0
		}
		if i == len(z) {
			return (math.Log(sum) - logs/sum) / math.Ln2
		}
		z[i]++
	}
}
