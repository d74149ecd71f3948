package channel

// PresenceCut is the least number of rows t of a topic that has a row in the private part with that certainty, if rows are drawn for the public
// part at random and public is their share: the least t with public^t ≤ 1 - certainty.
func PresenceCut(public, certainty float64) int {
	t, all := 1, public
	for all > 1-certainty {
		all *= public
		t++
	}
	return t
}

// PrivateChance is the chance that of total rows of a topic at least one is private, where the public rows are drawn at random among rows: one
// less the hypergeometric chance that all of them are public, Π (public-i)/(rows-i) over i below total.
func PrivateChance(total, public, rows int) float64 {
	all := 1.0
	for i := range total {
		if i >= public {
			return 1
		}
		all *= float64(public-i) / float64(rows-i)
	}
	return 1 - all
}
