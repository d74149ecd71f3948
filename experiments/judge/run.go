package judge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"lbprobe/internal/openai"
)

// Item is a prompt with two responses, as the turns of each side.
type Item struct {
	ID           string
	Prompt, A, B []string
}

// swapped is the item with the responses exchanged.
func (i Item) swapped() Item {
	i.A, i.B = i.B, i.A
	return i
}

// Judge is a language model at work.
type Judge struct {
	Client      *openai.Client
	Model       string
	Template    *Template
	Format      string // response_format to ask for; empty: none
	Concurrency int    // questions in flight
}

// Bounds of replies and of patience with them.
const (
	longestVerdict = 120 // tokens
	tries          = 3   // at a reply that can be read
)

// Judged is an item with its verdict.
type Judged struct {
	Orders  [2]Verdict // of the order A, B and of the order B, A, both told for A and B as the item has them
	Verdict Verdict    // the mean of both
	Reason  string     // why there is no verdict; empty where there is one
}

// Gap is how much the order did: by how much more the judge preferred whichever response stood first, from -1 to 1. 0 is a judge that does not
// look at the order; 1 is one that sees nothing else.
func (j Judged) Gap() float64 {
	ab, ba := j.Orders[0], j.Orders[1]
	return ((ab[WinsA] - ab[WinsB]) + (ba[WinsB] - ba[WinsA])) / 2
}

// Flips tells that the two orders have different winners.
func (j Judged) Flips() bool {
	lead := func(v Verdict) float64 { return v[WinsA] - v[WinsB] }
	return lead(j.Orders[0])*lead(j.Orders[1]) < 0
}

// question is what is asked about an item.
func (j *Judge) question(i Item) openai.Chat {
	return openai.Chat{Model: j.Model, MaxTokens: longestVerdict, Format: j.Format,
		Messages: []openai.Message{{Role: "user", Content: j.Template.Render(i)}}}
}

// Estimate is what questions cost, before they are asked.
type Estimate struct {
	Questions int     `json:"questions"` // that are still to be asked
	Cached    int     `json:"cached"`    // that have a reply already
	USD       float64 `json:"usd"`       // at most, if every first reply can be read
}

// Estimate says what Run would ask. Equal questions are asked once.
func (j *Judge) Estimate(items []Item) (Estimate, error) {
	return j.estimate(func(yield func(openai.Chat) bool) {
		for _, i := range items {
			if !yield(j.question(i)) || !yield(j.question(i.swapped())) {
				return
			}
		}
	})
}

func (j *Judge) estimate(questions func(yield func(openai.Chat) bool)) (e Estimate, err error) {
	seen := map[string]bool{}
	for q := range questions {
		price, err := j.Client.Price(q)
		switch {
		case err != nil:
			return e, err
		case seen[price.Key]:
		case price.Cached:
			e.Cached++
		default:
			e.Questions++
			e.USD += price.USD
		}
		seen[price.Key] = true
	}
	return e, nil
}

// Run judges items. The results stand in the order of the items and do not depend on the concurrency. advance is told after each item; it may
// be nil. An item that cannot be judged has a Reason; the error is of what stops all: the context, the budget, the key, an endpoint that
// answers nothing. What was answered until then is in the cache.
func (j *Judge) Run(ctx context.Context, items []Item, advance func(done, all int)) ([]Judged, error) {
	out := make([]Judged, len(items))
	err := j.each(ctx, len(items), advance, func(ctx context.Context, i int) error {
		var err error
		out[i], err = j.item(ctx, items[i])
		return err
	})
	return out, err
}

// item judges one item in both orders.
func (j *Judge) item(ctx context.Context, i Item) (Judged, error) {
	var out Judged
	for order, shown := range []Item{i, i.swapped()} {
		v, err := ask(ctx, j.Client, j.question(shown), ParseVerdict)
		if err != nil {
			return Judged{Reason: err.Error()}, err
		}
		if order == 1 {
			v = v.Swapped()
		}
		out.Orders[order] = v
	}
	out.Verdict = mean(out.Orders[0], out.Orders[1])
	return out, nil
}

// patience is how many items may fail one after the other before the endpoint is given up.
const patience = 10

// each does work for 0 to n-1, some at a time. Failures that concern one item alone do not stop the others, but for many in a row.
func (j *Judge) each(ctx context.Context, n int, advance func(done, all int), work func(ctx context.Context, i int) error) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(max(1, j.Concurrency))
	var mu sync.Mutex
	done, failures := 0, 0
	for i := range n {
		if inner.Err() != nil {
			break
		}
		group.Go(func() error {
			if inner.Err() != nil {
				return inner.Err()
			}
			err := work(inner, i)
			mu.Lock()
			defer mu.Unlock()
			if err != nil && (openai.Hopeless(err) || inner.Err() != nil) {
				return err
			}
			var own *unreadable
			switch {
			case err == nil || errors.As(err, &own):
				failures = 0 // the endpoint answers
			default:
				failures++
			}
			if failures >= patience {
				return fmt.Errorf("%d questions in a row failed, the last: %w", failures, err)
			}
			if done++; advance != nil {
				advance(done, n)
			}
			return nil
		})
	}
	return cmp.Or(ctx.Err(), group.Wait())
}

// unreadable is an answer of which nothing can be made.
type unreadable struct{ msg string }

func (e *unreadable) Error() string { return e.msg }

// ask gets an answer that parse accepts. A model is told what was wrong with its last one and asked again; each of these questions is in the
// cache like any other, so that a second run takes the same way.
func ask[T any](ctx context.Context, client *openai.Client, q openai.Chat, parse func(string) (T, error)) (T, error) {
	var none T
	for try := 1; ; try++ {
		reply, err := client.Chat(ctx, q)
		if err != nil {
			return none, err
		}
		if reply.Refusal != "" || reply.Finish == "content_filter" {
			return none, &unreadable{"the model refuses to answer"}
		}
		value, bad := parse(reply.Content)
		if bad == nil {
			return value, nil
		}
		if try == tries {
			return none, &unreadable{fmt.Sprintf("no reply of %d can be read; the last: %v", tries, bad)}
		}
		q.Messages = append(q.Messages[:len(q.Messages):len(q.Messages)], openai.Message{Role: "assistant", Content: reply.Content},
			openai.Message{Role: "user", Content: fmt.Sprintf("This reply cannot be read: %v. Reply with the JSON object alone, in the form that was asked for.", bad)})
	}
}
