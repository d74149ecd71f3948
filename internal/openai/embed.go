package openai

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"lbprobe/internal/tokens"
)

// embedRequest is the body of the call.
type embedRequest struct {
	Model string   `json:"model"`
	Input []string `json:"input"`
}

// vectors is a reply as the cache keeps it: float32 numbers, row by row, least byte first. JSON writes them in base64.
type vectors struct {
	Dim  int    `json:"dim"`
	Data []byte `json:"data"`
}

// Embed asks for the vectors of a batch of texts: one row a text, of equal lengths, all numbers finite. An empty text, which endpoints refuse, is asked
// about as a space. A batch is one question: the cache knows it if the same texts stand in the same order.
func (c *Client) Embed(ctx context.Context, model string, texts []string) ([][]float32, error) {
	q, err := c.embedQuestion(model, texts)
	if err != nil {
		return nil, err
	}
	q.worst = func() Usage { return embedUsage(model, texts) }
	q.read = func(body []byte) (any, *Usage, error) { return readVectors(body, len(texts)) }
	raw, err := c.answer(ctx, q)
	if err != nil {
		return nil, err
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, fmt.Errorf("read the cache of replies: %w", err)
	}
	return v.rows(len(texts))
}

// EmbedPrice says what a batch will cost.
func (c *Client) EmbedPrice(model string, texts []string) (Price, error) {
	q, err := c.embedQuestion(model, texts)
	if err != nil {
		return Price{}, err
	}
	_, cached, err := c.cache.get(q.key)
	if cached || err != nil {
		return Price{Key: q.key, Cached: true}, err
	}
	return Price{Key: q.key, USD: c.o.Rates.Of(embedUsage(model, texts))}, nil
}

func (c *Client) embedQuestion(model string, texts []string) (question, error) {
	input := make([]string, len(texts))
	for i, text := range texts {
		if input[i] = text; text == "" {
			input[i] = " "
		}
	}
	return c.newQuestion("/embeddings", embedRequest{model, input})
}

func embedUsage(model string, texts []string) (u Usage) {
	for _, text := range texts {
		u.Prompt += max(1, tokens.Of(model).Count(text))
	}
	return u
}

// readVectors reads the body of a reply to n texts. Rows may come in any order.
func readVectors(body []byte, n int) (any, *Usage, error) {
	var b struct {
		Data []struct {
			Index     *int      `json:"index"`
			Embedding []float32 `json:"embedding"`
		} `json:"data"`
		Usage *Usage `json:"usage"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return nil, nil, err
	}
	if len(b.Data) != n || n == 0 || len(b.Data[0].Embedding) == 0 {
		return nil, nil, fmt.Errorf("it has %d vectors for %d texts, or empty ones", len(b.Data), n)
	}
	v := vectors{Dim: len(b.Data[0].Embedding)}
	v.Data = make([]byte, 4*n*v.Dim)
	seen := make([]bool, n)
	for at, row := range b.Data {
		if row.Index != nil {
			at = *row.Index
		}
		if at < 0 || at >= n || seen[at] || len(row.Embedding) != v.Dim {
			return nil, nil, errors.New("its vectors have wrong indices or different lengths")
		}
		seen[at] = true
		for i, x := range row.Embedding {
			binary.LittleEndian.PutUint32(v.Data[4*(at*v.Dim+i):], math.Float32bits(x))
		}
	}
	return v, b.Usage, nil
}

// rows unpacks n vectors.
func (v vectors) rows(n int) ([][]float32, error) {
	if v.Dim <= 0 || len(v.Data) != 4*n*v.Dim {
		return nil, errors.New("a reply in the cache does not have the vectors that were asked for")
	}
	out := make([][]float32, n)
	for r := range out {
		out[r] = make([]float32, v.Dim)
		for i := range out[r] {
			out[r][i] = math.Float32frombits(binary.LittleEndian.Uint32(v.Data[4*(r*v.Dim+i):]))
		}
	}
	return out, nil
}
