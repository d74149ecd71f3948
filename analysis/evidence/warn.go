package evidence

import (
	"fmt"
	"math"
)

// From so many standard deviations on a residual is named, below so many readings the belief is mostly prior, and above that ln likelihood ratio
// the split is called in question.
const (
	strange     = 4
	fewReadings = 5
	notRandom   = 2
)

// warn fills in the warnings.
func (p *Posterior) warn() {
	add := func(format string, args ...any) { p.warnings = append(p.warnings, fmt.Sprintf(format, args...)) }
	if n := p.fitter.known; n < fewReadings {
		add("%d readings tell little about how far the pool of files can be trusted: the intervals rest on a prior for that", n)
	}
	for i, name := range p.names {
		for _, r := range p.Residuals(i) {
			if z := (r.Reading - r.Expected) / r.SD; math.Abs(z) > strange {
				add("%s: the %s score lies %.1f standard deviations from what the other files say: does it belong to the file?", name, r.Part, z)
			}
		}
	}
	if s := p.Split(); s.LogLR > notRandom {
		add("the parts differ in class shares more than a random split explains (ln likelihood ratio %.1f)", s.LogLR)
	}
}
