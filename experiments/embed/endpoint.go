package embed

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/fault"
	"lbprobe/internal/openai"
)

// Batch is how many texts an endpoint is sent at once.
const Batch = 64

// Endpoint embeds texts by a model behind an OpenAI-compatible endpoint.
type Endpoint struct {
	Client      *openai.Client
	Model       string
	Concurrency int // batches in flight
}

// Price is what embedding texts will cost at most, in US dollars. Batches that were embedded before cost nothing.
func (e *Endpoint) Price(texts []string) (usd float64, err error) {
	for _, batch := range batches(texts) {
		p, err := e.Client.EmbedPrice(e.Model, batch)
		if err != nil {
			return 0, err
		}
		usd += p.USD
	}
	return usd, nil
}

// Embed returns the vectors of texts, n×d, in their order. advance is told after each batch; it may be nil. After an error the batches that were
// answered are in the cache of the client.
func (e *Endpoint) Embed(ctx context.Context, texts []string, advance func(done, all int)) (blas32.General, error) {
	out := make([][][]float32, (len(texts)+Batch-1)/Batch)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, e.Concurrency))
	var mu sync.Mutex
	done := 0
	for i, batch := range batches(texts) {
		group.Go(func() (err error) {
			if err := ctx.Err(); err != nil {
				return err
			}
			if out[i], err = e.Client.Embed(ctx, e.Model, batch); err != nil {
				return fmt.Errorf("texts %d to %d: %w", i*Batch+1, i*Batch+len(batch), err)
			}
			mu.Lock()
			defer mu.Unlock()
			if done += len(batch); advance != nil {
				advance(done, len(texts))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return blas32.General{}, err
	}
	return stacked(slices.Concat(out...))
}

// batches cuts texts into pieces, with their numbers.
func batches(texts []string) iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		i := 0
		for batch := range slices.Chunk(texts, Batch) {
			if !yield(i, batch) {
				return
			}
			i++
		}
	}
}

// stacked is a matrix of rows, which must have one length.
func stacked(rows [][]float32) (m blas32.General, err error) {
	for i, row := range rows {
		if m.Rows == 0 {
			m.Cols, m.Stride, m.Data = len(row), len(row), make([]float32, 0, len(rows)*len(row))
		}
		if len(row) != m.Cols {
			return m, &fault.Error{Msg: fmt.Sprintf("the vector of text %d has %d numbers, that of the first %d", i+1, len(row), m.Cols),
				Fix: "Embed all texts with one model"}
		}
		m.Data = append(m.Data, row...)
		m.Rows++
	}
	return m, nil
}
