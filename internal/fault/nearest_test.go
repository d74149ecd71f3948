package fault

import "testing"

// Distances that can be counted by hand; "ca" to "abc" is the case where a letter touched twice would save one.
func TestEditDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"clases", "classes", 1}, {"decimlas", "decimals", 1}, {"ab", "ba", 1},
		{"ca", "abc", 3}, {"é", "e", 1}, {"größe", "grosse", 3},
	} {
		if got := editDistance(tt.a, tt.b); got != tt.want {
			t.Errorf("%q to %q: %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := editDistance(tt.b, tt.a); got != tt.want {
			t.Errorf("%q to %q: %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	for _, tt := range []struct {
		word       string
		candidates []string
		want       string
		distance   int
		alike      bool
	}{
		{"tset", []string{"train", "Test", "text"}, "Test", 1, true},
		{"ID", []string{"text", "id", "Id"}, "id", 0, true},
		{"prompt", []string{"text", "body"}, "text", 5, false},
		{"prompt", nil, "", 6, false},
	} {
		near, distance := Nearest(tt.word, tt.candidates)
		if near != tt.want || distance != tt.distance || Alike(tt.word, distance) != tt.alike {
			t.Errorf("%s of %v: %q at %d, alike %v", tt.word, tt.candidates, near, distance, Alike(tt.word, distance))
		}
	}
}
