package channel

import "testing"

func TestPlan(t *testing.T) {
	p, err := NewPlan(lmsys(Presence, 3), 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range p.Levels {
		l.Table = nil
		t.Logf("%+v", l)
		t.Log(p.Refusal(l.Level))
	}
}
