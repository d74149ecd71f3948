package calibration
import ("testing";"bytes";"fmt";"time";"lbprobe/probes/design";"lbprobe/probes/metric")
func TestZZ(t *testing.T) {
	var c Catalogue
	for _, slip := range []Slip{Digit, Tick} {
		for _, s := range []Setting{
			edited(medium, func(s *Setting) { s.Decimals = 5 }),
			edited(medium, func(s *Setting) { s.Decimals = 3 }),
			edited(small, func(s *Setting) { s.Target = design.Rows }),
			edited(small, func(s *Setting) { s.Target, s.Decimals, s.Rounding = design.Rows, 3, metric.Either }),
		} {
			c.Slips = append(c.Slips, SlipRow{Setting: games(s, 20, 5), Slip: slip})
		}
	}
	start := time.Now()
	r, err := Run(c, Options{Seed: 3, Threads: 2})
	if err != nil { t.Fatal(err) }
	var b bytes.Buffer
	r.slips(&b)
	fmt.Println(b.String(), time.Since(start))
	for _, row := range r.Slips { for _, f := range row.False { fmt.Println(f) } }
}
