package fault

import "strings"

// Nearest is the candidate with the least edit distance to word, upper and lower case alike; of equals, the first. Without candidates it is empty. It is for
// advice on what was meant: see Alike.
func Nearest(word string, candidates []string) (best string, distance int) {
	distance = editDistance(word, "")
	for i, c := range candidates {
		if d := editDistance(strings.ToLower(word), strings.ToLower(c)); i == 0 || d < distance {
			best, distance = c, d
		}
	}
	return best, distance
}

// Alike tells whether a distance to the nearest word is that of a slip of the fingers.
func Alike(word string, distance int) bool { return distance <= max(1, len([]rune(word))/4) }

// maxWord bounds the length of words that are compared, since the work grows with its square.
const maxWord = 200

// editDistance is the least number of insertions, deletions, substitutions and swaps of neighbours, no letter touched twice, that turn a into b
// (optimal string alignment).
func editDistance(a, b string) int {
	s, t := clip([]rune(a)), clip([]rune(b))
	before, above, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(s); i++ {
		before, above, row = above, row, before
		row[0] = i
		for j := 1; j <= len(t); j++ {
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+differ(s[i-1], t[j-1]))
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(t)]
}

func clip(word []rune) []rune { return word[:min(len(word), maxWord)] }

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
