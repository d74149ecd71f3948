package compare

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/corpus"
	"lbprobe/experiments/embed"
	"lbprobe/experiments/topics"
)

// TopicTable is the topics of the two sets side by side.
type TopicTable struct {
	From string     `json:"from"` // whose topics they are
	Rows []TopicRow `json:"rows"`
	Test *Test      `json:"test"`
	Far  Far        `json:"far"`
}

// TopicRow is one topic; the last one is the rows that are far from every topic (see Far).
type TopicRow struct {
	Topic    int      `json:"topic"`
	Keywords []string `json:"keywords"`
	Row
	Missing bool `json:"missing"` // B has no row of it, and by its share in A B should have
}

// Far is the rows, counted in no topic, that are farther from every centroid than all but a hundredth of A's are: what B has that A has no topic for.
type Far struct {
	Radius     float64    `json:"radius"` // 0.99 quantile of the distances of A
	A          Share      `json:"a"`
	B          Share      `json:"b"`
	Difference Difference `json:"difference"`
	New        []NewTopic `json:"new"` // groups of B's far rows
}

// NewTopic is a group of rows of B that are far from every topic.
type NewTopic struct {
	Rows     int      `json:"rows"` // of the far rows that were looked at
	Keywords []string `json:"keywords"`
	IDs      []string `json:"ids"` // the nearest to its middle
}

const (
	keywords  = 6
	exemplars = 5
	farKept   = 2000 // far rows of B that are looked at
	farGroup  = 40   // far rows a new topic, on average
	farGroups = 5
	fewRows   = 20 // of A, below which there are no topics
	block     = 1024
)

// noTopics is why two sets cannot be held against topics. All else can.
type noTopics struct{ error }

// topicTable gives every row of both sets its topic.
func topicTable(a, b *corpus.Reader, m *matcher, o Options) (*TopicTable, error) {
	if m.a.rows < fewRows || m.b.rows == 0 {
		return nil, &noTopics{fmt.Errorf("set A has %d rows and B %d; at least %d and 1 are needed", m.a.rows, m.b.rows, fewRows)}
	}
	p, err := newPlacer(a, m, o)
	if err != nil {
		return nil, err
	}
	left, err := p.place(a, o.VectorsA, o.step("topics of "+a.Files()[0]), p.fitted, nil)
	if err != nil {
		return nil, err
	}
	sorted := slices.Sorted(slices.Values(left.distance))
	radius := float64(sorted[len(sorted)*99/100])
	kept := &farRows{radius: radius, rng: rand.New(rand.NewPCG(o.Seed, 2))}
	right, err := p.place(b, o.VectorsB, o.step("topics of "+b.Files()[0]), nil, kept)
	if err != nil {
		return nil, err
	}
	left.setApart(radius, p.book.Topics.Topics())
	right.setApart(radius, p.book.Topics.Topics())
	t := p.table(left, right)
	t.Far = Far{Radius: radius, A: share(left.beyond(radius), len(left.distance)), B: share(right.beyond(radius), len(right.distance)), New: kept.groups(o)}
	t.Far.Difference = difference(t.Far.A, t.Far.B)
	return t, nil
}

// placer gives rows their topics.
type placer struct {
	book   Book
	o      Options
	tfidf  *embed.TFIDF // nil: by the vectors of the options
	fitted []int        // rows of A that the codebook was fitted on, ascending
}

// newPlacer takes the codebook of the options, or fits one on a sample of A, half of its rows at most. The rows of the sample are left out of every count: topics fit
// them better than any others, and the test would take that for a difference between the sets.
func newPlacer(a *corpus.Reader, m *matcher, o Options) (*placer, error) {
	p := &placer{o: o}
	if o.Book != nil {
		p.book, p.tfidf = *o.Book, o.Book.Embedder
		if p.tfidf == nil && (o.VectorsA == nil || o.VectorsB == nil || o.VectorsA.Cols != p.book.Topics.Centroids.Cols) {
			return nil, &noTopics{fmt.Errorf("those of %s were learned from vectors of %d numbers: give vectors of the same model with --npy", p.book.From, p.book.Topics.Centroids.Cols)}
		}
		return p, nil
	}
	rows, texts, err := sample(a, min(o.Sample, m.a.rows/2), o.Seed, o.step("sampling "+a.Files()[0]))
	if err != nil {
		return nil, err
	}
	p.fitted = rows
	var x blas32.General
	if o.VectorsA != nil && o.VectorsB != nil {
		x = gather(*o.VectorsA, rows)
	} else {
		if p.tfidf, err = embed.FitTFIDF(texts, embed.TFIDFOptions{Seed: o.Seed, Threads: o.Threads}); err != nil {
			return nil, &noTopics{err}
		}
		if x, err = p.tfidf.Embed(texts); err != nil {
			return nil, &noTopics{err}
		}
	}
	fit, err := topics.Fit(x, topics.Options{K: max(2, min(o.K, len(texts)/10)), Seed: o.Seed, Restarts: 4, Threads: o.Threads})
	if err != nil {
		return nil, &noTopics{err}
	}
	p.book = Book{From: fmt.Sprintf("fitted on %d rows of A, which are not counted below", len(texts)), Topics: fit.Codebook, Keywords: topics.Keywords(texts, fit.Assignment, fit.Topics(), keywords)}
	return p, nil
}

// sample draws rows of a set without replacement, in order (reservoir sampling, Vitter 1985, algorithm R).
func sample(r *corpus.Reader, most int, seed uint64, step step) (rows []int, texts []string, err error) {
	rng := rand.New(rand.NewPCG(seed, 1))
	type drawn struct {
		row  int
		text string
	}
	var kept []drawn
	n := 0
	for row, err := range r.Rows() {
		if err != nil {
			return nil, nil, err
		}
		if len(kept) < most {
			kept = append(kept, drawn{n, row.Text})
		} else if i := rng.IntN(n + 1); i < most {
			kept[i] = drawn{n, row.Text}
		}
		if n++; n%stepRows == 0 {
			if err := step(r.Progress()); err != nil {
				return nil, nil, err
			}
		}
	}
	slices.SortFunc(kept, func(a, b drawn) int { return a.row - b.row })
	for _, k := range kept {
		rows, texts = append(rows, k.row), append(texts, k.text)
	}
	return rows, texts, nil
}

func gather(x blas32.General, rows []int) blas32.General {
	out := blas32.General{Rows: len(rows), Cols: x.Cols, Stride: x.Cols, Data: make([]float32, 0, len(rows)*x.Cols)}
	for _, i := range rows {
		out.Data = append(out.Data, x.Data[i*x.Stride:i*x.Stride+x.Cols]...)
	}
	return out
}

// placed is the topic of every row of a set, and its distance to it.
type placed struct {
	topic    []int32
	distance []float32
}

func (p placed) beyond(radius float64) (n int) {
	for _, d := range p.distance {
		if float64(d) > radius {
			n++
		}
	}
	return n
}

func (p placed) counts(topics int) []int {
	counts := make([]int, topics)
	for _, t := range p.topic {
		counts[t]++
	}
	return counts
}

// setApart takes rows beyond a radius out of their topics: they are of one more.
func (p placed) setApart(radius float64, topics int) {
	for i, d := range p.distance {
		if float64(d) > radius {
			p.topic[i] = int32(topics)
		}
	}
}

// place streams a set through the codebook, but for the rows to skip, which ascend. far takes the rows that are far from every topic; it may be nil.
func (p *placer) place(r *corpus.Reader, vectors *blas32.General, step step, skip []int, far *farRows) (out placed, err error) {
	var ids, texts []string
	done := 0
	flush := func() error {
		x, err := p.vectors(texts, vectors, done)
		if err != nil {
			return err
		}
		topic, distance := p.book.Topics.Assign(x, p.o.Threads)
		for i, d := range distance {
			if len(skip) > 0 && skip[0] == done+i {
				skip = skip[1:]
				continue
			}
			out.topic, out.distance = append(out.topic, topic[i]), append(out.distance, float32(d))
			if far != nil && float64(float32(d)) > far.radius {
				far.take(ids[i], texts[i], x.Data[i*x.Stride:i*x.Stride+x.Cols])
			}
		}
		done += len(texts)
		ids, texts = ids[:0], texts[:0]
		return step(r.Progress())
	}
	for row, err := range r.Rows() {
		if err != nil {
			return out, err
		}
		if ids, texts = append(ids, row.ID), append(texts, row.Text); len(texts) == block {
			if err := flush(); err != nil {
				return out, err
			}
		}
	}
	if len(texts) > 0 {
		err = flush()
	}
	return out, err
}

// vectors are those of texts, the rows of a set from a number on.
func (p *placer) vectors(texts []string, all *blas32.General, from int) (blas32.General, error) {
	if p.tfidf != nil {
		return p.tfidf.Embed(texts)
	}
	if from+len(texts) > all.Rows {
		return blas32.General{}, errors.New("there are fewer vectors than rows")
	}
	return part(*all, from, from+len(texts)), nil
}

// table puts the topics of both sets side by side.
func (p *placer) table(left, right placed) *TopicTable {
	k := p.book.Topics.Topics()
	a, b := left.counts(k+1), right.counts(k+1)
	t := &TopicTable{From: p.book.From, Test: homogeneity(a, b)}
	for i := range k + 1 {
		row := TopicRow{Topic: i, Keywords: []string{}}
		if i < len(p.book.Keywords) {
			row.Keywords = p.book.Keywords[i]
		}
		row.Name = fmt.Sprintf("%d: %s", i, strings.Join(row.Keywords, ", "))
		if p.book.Topics.HasOther() && i == k-1 {
			row.Name = fmt.Sprintf("%d: other", i)
		}
		if i == k {
			row.Name = "far from every topic"
		}
		row.A, row.B = share(a[i], len(left.topic)), share(b[i], len(right.topic))
		row.Difference = difference(row.A, row.B)
		row.Missing = row.B.Rows == 0 && row.B.Hi < row.A.Lo
		t.Rows = append(t.Rows, row)
	}
	return t
}

// farRows draws from the rows that are far from every topic.
type farRows struct {
	radius     float64
	rng        *rand.Rand
	seen       int
	ids, texts []string
	vectors    [][]float32
}

func (f *farRows) take(id, text string, vector []float32) {
	f.seen++
	if len(f.ids) < farKept {
		f.ids, f.texts, f.vectors = append(f.ids, id), append(f.texts, text), append(f.vectors, slices.Clone(vector))
		return
	}
	if i := f.rng.IntN(f.seen); i < farKept {
		f.ids[i], f.texts[i], f.vectors[i] = id, text, slices.Clone(vector)
	}
}

// groups are the topics that far rows make among themselves.
func (f *farRows) groups(o Options) []NewTopic {
	found := []NewTopic{}
	k := min(farGroups, len(f.ids)/farGroup+1)
	if len(f.ids) < fewRows {
		return found
	}
	x := blas32.General{Rows: len(f.ids), Cols: len(f.vectors[0]), Stride: len(f.vectors[0]), Data: slices.Concat(f.vectors...)}
	fit, err := topics.Fit(x, topics.Options{K: k, Seed: o.Seed, Restarts: 4, Threads: o.Threads})
	if err != nil {
		return found // fewer distinct rows than groups
	}
	words := topics.Keywords(f.texts, fit.Assignment, k, keywords)
	near := topics.Exemplars(fit.Distance, fit.Assignment, f.texts, k, exemplars)
	for i := range k {
		t := NewTopic{Rows: fit.Sizes[i], Keywords: words[i]}
		for _, row := range near[i] {
			t.IDs = append(t.IDs, f.ids[row])
		}
		found = append(found, t)
	}
	return found
}
