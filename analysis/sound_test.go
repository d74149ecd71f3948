package analysis

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
)

// checkSound holds what is true of every result, whatever the scores tell: its numbers are finite, its lists are lists, its intervals hold
// their best value and lie within what is possible, and its parts agree.
func checkSound(t *testing.T, g *game, r *Result) {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("null")) {
		t.Errorf("a list is null: %s", text)
	}
	rows := sumOf(g.totals)
	for _, c := range r.Counts {
		most := rows
		if c.Topic != AllTopics {
			most = g.totals[c.Topic]
		}
		if !(0 <= c.Lo && c.Lo <= c.Best && c.Best <= c.Hi && c.Hi <= most) {
			t.Errorf("%s: %+v of %d rows", r.Status, c, most)
		}
		if !(c.Posterior >= 0 && c.Posterior <= 1+1e-9) || c.Exact && c.Posterior < leastMass {
			t.Errorf("%s: %+v", r.Status, c)
		}
	}
	if len(r.Verdicts) != g.topics {
		t.Errorf("%d verdicts for %d topics", len(r.Verdicts), g.topics)
	}
	for k, v := range r.Verdicts {
		if v.Topic != k || !(v.PPrivate >= 0 && v.PPrivate <= 1+1e-9) || math.IsNaN(v.Shift) {
			t.Errorf("%s: %+v", r.Status, v)
		}
		if !(0 <= v.PrivateLo && v.PrivateLo <= v.PrivateBest && v.PrivateBest <= v.PrivateHi && v.PrivateHi <= g.totals[k]) {
			t.Errorf("%s: %+v of %d rows", r.Status, v, g.totals[k])
		}
		if v.PublicLo+v.PrivateHi > g.totals[k] || v.Verdict == Present && v.PPrivate < g.input.Certainty {
			t.Errorf("%s: %+v of %d rows", r.Status, v, g.totals[k])
		}
	}
	if r.Conclusion == "" || r.Status == Exact && len(r.Exactness) != 4 {
		t.Errorf("status %q, conclusion %q, %d conditions", r.Status, r.Conclusion, len(r.Exactness))
	}
	if r.Status != Exact && g.unscored == 0 {
		for _, c := range r.Counts {
			if c.Exact && c.Split == "public" && c.Topic != AllTopics && g.totals[c.Topic] > 0 {
				t.Errorf("%s, yet exact: %+v", r.Status, c)
			}
		}
	}
}
