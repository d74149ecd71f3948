package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Share is a part of a whole with its 95 % interval.
type Share struct {
	Rows  int     `json:"rows"`
	Of    int     `json:"of"`
	Share float64 `json:"share"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
}

// z is the 0.975 quantile of the normal distribution.
const z = 1.959963984540054

// share has Wilson's score interval: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). Of no rows nothing is known: 0 to 1.
func share(rows, of int) Share {
	if of == 0 {
		return Share{Hi: 1}
	}
	n, p := float64(of), float64(rows)/float64(of)
	middle, spread := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	scale := 1 + z*z/n
	s := Share{Rows: rows, Of: of, Share: p, Lo: (middle - spread) / scale, Hi: (middle + spread) / scale}
	if rows == 0 {
		s.Lo = 0
	}
	if rows == of {
		s.Hi = 1
	}
	return s
}

// Difference is a share of B less that of A, with its 95 % interval by Newcombe's hybrid score method (1998, method 10).
type Difference struct {
	Value float64 `json:"value"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
}

func difference(a, b Share) Difference {
	d := b.Share - a.Share
	return Difference{d, d - math.Hypot(b.Share-b.Lo, a.Hi-a.Share), d + math.Hypot(b.Hi-b.Share, a.Share-a.Lo)}
}

// Table is the shares of the two sets over categories, and the test of whether they differ.
type Table struct {
	Rows []Row `json:"rows"`
	Test *Test `json:"test"` // null: fewer than two categories
}

// Row is one category of a Table.
type Row struct {
	Name       string     `json:"name"`
	A          Share      `json:"a"`
	B          Share      `json:"b"`
	Difference Difference `json:"difference"` // B less A
}

// Test is Pearson's chi-square test of homogeneity: rows of the two sets drawn from one distribution over the categories.
type Test struct {
	ChiSquare  float64 `json:"chi_square"` // Σ (observed - expected)² / expected
	Freedom    int     `json:"degrees_of_freedom"`
	P          float64 `json:"p"`                   // chance of a chi-square as great if the sets are alike and their rows independent
	V          float64 `json:"cramers_v"`           // √(χ²/n), two sets having one degree of freedom: 0 alike, 1 nothing in common
	VCorrected float64 `json:"cramers_v_corrected"` // less what chance brings (Bergsma 2013)
	Rows       int     `json:"rows"`
	Merged     int     `json:"categories_merged"` // with fewer than 5 expected rows in a set, counted as one
}

// newTable has the categories in the order of their names in order, or by rows of both sets where that is nil.
func newTable(a, b map[string]int, order []string) Table {
	if order == nil {
		for name := range merged(a, b) {
			order = append(order, name)
		}
		slices.SortFunc(order, func(s, t string) int { return cmp.Or(cmp.Compare(a[t]+b[t], a[s]+b[s]), cmp.Compare(s, t)) })
	}
	na, nb := total(a), total(b)
	var t Table
	var left, right []int
	for _, name := range order {
		row := Row{Name: name, A: share(a[name], na), B: share(b[name], nb)}
		row.Difference = difference(row.A, row.B)
		t.Rows = append(t.Rows, row)
		left, right = append(left, a[name]), append(right, b[name])
	}
	t.Test = homogeneity(left, right)
	return t
}

func merged(a, b map[string]int) map[string]int {
	all := map[string]int{}
	for name, n := range a {
		all[name] += n
	}
	for name, n := range b {
		all[name] += n
	}
	return all
}

func total(counts map[string]int) (n int) {
	for _, rows := range counts {
		n += rows
	}
	return n
}

// fewest is the expected count below which Pearson's approximation is not to be relied on (Cochran 1954).
const fewest = 5

// homogeneity tests two rows of counts; nil where no two categories are left.
func homogeneity(a, b []int) *Test {
	a, b, few := enough(a, b)
	na, nb := 0, 0
	for i := range a {
		na, nb = na+a[i], nb+b[i]
	}
	if len(a) < 2 || na == 0 || nb == 0 {
		return nil
	}
	t := &Test{Freedom: len(a) - 1, Rows: na + nb, Merged: few}
	n := float64(na + nb)
	for i := range a {
		for _, side := range []struct{ seen, of int }{{a[i], na}, {b[i], nb}} {
			expected := float64(a[i]+b[i]) * float64(side.of) / n
			d := float64(side.seen) - expected
			t.ChiSquare += d * d / expected
		}
	}
	t.P = distuv.ChiSquared{K: float64(t.Freedom)}.Survival(t.ChiSquare)
	t.V = math.Sqrt(t.ChiSquare / n)
	k := float64(len(a))
	phi := max(0, t.ChiSquare/n-(k-1)/(n-1))
	r, c := 2-1/(n-1), k-(k-1)*(k-1)/(n-1)
	t.VCorrected = math.Sqrt(phi / min(r-1, c-1))
	return t
}

// enough merges categories with fewer than fewest expected rows in either set into one, which stands last, and drops empty ones. Where all of these
// together are still too few they join the smallest of the others.
func enough(a, b []int) (left, right []int, few int) {
	na, nb := 0, 0
	for i := range a {
		na, nb = na+a[i], nb+b[i]
	}
	tooFew := func(both int) bool { return float64(both)*float64(min(na, nb)) < fewest*float64(na+nb) }
	restA, restB := 0, 0
	for i := range a {
		both := a[i] + b[i]
		switch {
		case both == 0:
		case tooFew(both):
			restA, restB, few = restA+a[i], restB+b[i], few+1
		default:
			left, right = append(left, a[i]), append(right, b[i])
		}
	}
	switch rest := restA + restB; {
	case rest == 0:
	case tooFew(rest) && len(left) > 0:
		least := 0
		for i := range left {
			if left[i]+right[i] < left[least]+right[least] {
				least = i
			}
		}
		left[least], right[least] = left[least]+restA, right[least]+restB
	default:
		left, right = append(left, restA), append(right, restB)
	}
	return left, right, few
}

// String is the test in one line.
func (t *Test) String() string {
	if t == nil {
		return "no test: fewer than two categories with enough rows"
	}
	p := fmt.Sprintf("p = %.3g", t.P)
	if t.P < 1e-12 {
		p = "p < 1e-12"
	}
	freedom := "1 degree of freedom"
	if t.Freedom != 1 {
		freedom = fmt.Sprintf("%d degrees of freedom", t.Freedom)
	}
	return fmt.Sprintf("chi-square %.1f with %s, %s; Cramér's V %.3f (corrected %.3f) over %d rows", t.ChiSquare, freedom, p, t.V, t.VCorrected, t.Rows)
}
