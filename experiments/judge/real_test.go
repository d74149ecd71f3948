package judge

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"lbprobe/internal/openaitest"
)

// realVote is a vote of MT-bench.
type realVote struct {
	item   Item
	models [2]string
	vote   Outcome
}

// realVotes reads the human votes of MT-bench from the shared data.
func realVotes(t *testing.T) (out []realVote) {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "mtbench_human_votes.csv")
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("the shared data is not here: %v", err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for n, r := range records[1:] { // id, model_a, model_b, prompt, response_a, response_b, winner_model_a, winner_model_b, winner_tie
		if n%2 == 1 {
			continue // half of them tell enough
		}
		v := realVote{item: Item{ID: r[0]}, models: [2]string{r[1], r[2]}}
		for i, dst := range []*[]string{&v.item.Prompt, &v.item.A, &v.item.B} {
			if err := json.Unmarshal([]byte(r[3+i]), dst); err != nil {
				t.Fatal(err)
			}
			v.vote = map[bool]Outcome{true: Outcome(i), false: v.vote}[r[6+i] == "1"]
		}
		out = append(out, v)
	}
	return out
}

// opinions is what an unbiased judge would say of each vote: it knows how often each model wins, and nothing of the responses.
func opinions(votes []realVote) []Verdict {
	points, games := map[string]float64{}, map[string]float64{}
	for _, v := range votes {
		share := [3]float64{WinsA: 1, WinsB: 0, Tie: 0.5}[v.vote]
		points[v.models[0]] += share
		points[v.models[1]] += 1 - share
		games[v.models[0]]++
		games[v.models[1]]++
	}
	out := make([]Verdict, len(votes))
	for i, v := range votes {
		lead := 2 * (points[v.models[0]]/games[v.models[0]] - points[v.models[1]]/games[v.models[1]])
		out[i] = softmax(lead, -lead)
	}
	return out
}

// distorted is a judge that is too sure (each probability to the power of 2.5) and whose odds for the response shown first are e^bias times too high.
func distorted(v Verdict, bias float64) Verdict {
	return softmax(2.5*math.Log(v[WinsA]/v[Tie])+bias, 2.5*math.Log(v[WinsB]/v[Tie]))
}

// On every other one of 3,241 votes of people: a judge with a known bias for the first response and a known overconfidence. Showing both orders takes the bias out,
// exactly between a row and its mirror image; calibration takes the overconfidence out, on prompts that it has not seen.
func TestRealVotes(t *testing.T) {
	votes := realVotes(t)
	const bias = 0.8
	template, believed := DefaultTemplate(), opinions(votes)
	says := map[string]string{}
	for i, v := range votes {
		for order, item := range []Item{v.item, v.item.swapped()} {
			belief := believed[i]
			if order == 1 {
				belief = belief.Swapped()
			}
			said := distorted(belief, bias)
			says[template.Render(item)] = fmt.Sprintf(`{"a": %.4f, "b": %.4f, "tie": %.4f}`, said[0], said[1], said[2])
		}
	}
	s := openaitest.Start(t, func(r openaitest.Request) string { return says[r.Prompt] })
	j := bench(t, s.URL)
	items, mirrored := make([]Item, len(votes)), make([]Item, len(votes))
	for i, v := range votes {
		items[i], mirrored[i] = v.item, v.item.swapped()
	}
	judged, err := j.Run(t.Context(), items, nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := len(s.Received())
	image, err := j.Run(t.Context(), mirrored, nil)
	if err != nil || len(s.Received()) != asked || asked != len(says) {
		t.Fatalf("%d questions, then %d, for %d prompts: %v", asked, len(s.Received()), len(says), err)
	}
	var voted []Voted
	lead := func(v Verdict) float64 { return v[WinsA] - v[WinsB] }
	one, both, want, gap := 0.0, 0.0, 0.0, 0.0
	for i, v := range votes {
		if judged[i].Verdict != image[i].Verdict.Swapped() || judged[i].Reason != "" {
			t.Fatalf("row %d: %v, mirrored %v %s", i, judged[i].Verdict, image[i].Verdict, judged[i].Reason)
		}
		unbiased := lead(distorted(believed[i], 0))
		n := float64(len(votes))
		one += math.Abs(lead(judged[i].Orders[0])-unbiased) / n
		both += math.Abs(lead(judged[i].Verdict)-unbiased) / n
		want += (lead(distorted(believed[i], bias)) + lead(distorted(believed[i].Swapped(), bias))) / 2 / n
		gap += judged[i].Gap() / n
		voted = append(voted, Voted{Judged: judged[i], Vote: v.vote, Prompt: turns(v.item.Prompt)})
	}
	if both > one/5 || one < 0.1 || math.Abs(gap-want) > 1e-3 {
		t.Errorf("mean error of the lead: %.4f in one order, %.4f in both; gap %.4f, want %.4f", one, both, gap, want)
	}
	c, err := Calibrate(voted, 1)
	if err != nil {
		t.Fatal(err)
	}
	if c.Gain.Mean < 2.5**c.Gain.SE || c.After.LogLoss.Mean > c.Constant || math.Abs(c.Position.Gap.Mean-gap) > 1e-9 {
		t.Errorf("before %+v, after %+v, gain %+v, constant %.4f", c.Before.LogLoss, c.After.LogLoss, c.Gain, c.Constant)
	}
	if c.FirstOrder.LogLoss.Mean < c.Before.LogLoss.Mean || c.OtherOrder.LogLoss.Mean < c.Before.LogLoss.Mean {
		t.Errorf("one order is better than both: %+v, %+v, %+v", c.FirstOrder.LogLoss, c.OtherOrder.LogLoss, c.Before.LogLoss)
	}
	t.Logf("%d votes, %d questions; mean error of the lead %.4f in one order, %.4f in both; log loss %.4f ± %.4f before, %.4f ± %.4f after, %.4f by shares; gain %.4f ± %.4f; accuracy %.3f, kappa %.3f",
		len(votes), asked, one, both, c.Before.LogLoss.Mean, *c.Before.LogLoss.SE, c.After.LogLoss.Mean, *c.After.LogLoss.SE, c.Constant, c.Gain.Mean, *c.Gain.SE, c.After.Accuracy.Mean, *c.After.Kappa)
}
