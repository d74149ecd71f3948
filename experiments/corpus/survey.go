package corpus

import (
	"cmp"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"lbprobe/experiments/corpus/language"
	"lbprobe/internal/tokens"
)

// batch is how many conversations a goroutine takes at once.
const batch = 64

// Survey reads all conversations of a Reader that was opened with Options.Whole and returns their Profile, Statistics included. No filter is
// applied: every row that can be read is kept. So many goroutines (0: GOMAXPROCS) measure the conversations; the answer does not depend on it.
// From time to time progress, if it is not nil, is told how many bytes are read, and of how many. What is held in memory is a few batches of
// conversations, ids and users if there are any, and how many texts have which length.
func Survey(r *Reader, threads int, progress func(done, total int64)) (Profile, error) {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	s := &surveyor{reader: r, progress: progress, ids: map[string]struct{}{}, users: map[string]struct{}{}}
	detect := !r.Holds().Languages
	if threads == 1 {
		t := newCensus(detect)
		err := s.read(func(all []Conversation) { t.addAll(all) })
		return s.profile(t), err
	}
	counts := make([]*census, threads)
	queue := make(chan []Conversation, threads)
	var wait sync.WaitGroup
	for i := range counts {
		counts[i] = newCensus(detect)
		wait.Go(func() {
			for all := range queue {
				counts[i].addAll(all)
			}
		})
	}
	err := s.read(func(all []Conversation) { queue <- all })
	close(queue)
	wait.Wait()
	for _, t := range counts[1:] {
		counts[0].merge(t)
	}
	return s.profile(counts[0]), err
}

// surveyor reads conversations in order and counts what takes all of them to count.
type surveyor struct {
	reader     *Reader
	progress   func(done, total int64)
	ids, users map[string]struct{}
	repeated   int
}

// read hands all conversations to take, in batches.
func (s *surveyor) read(take func([]Conversation)) error {
	var all []Conversation
	hand := func() {
		take(all)
		all = nil
		if s.progress != nil {
			s.progress(s.reader.Progress())
		}
	}
	for c, err := range s.reader.Conversations() {
		if err != nil {
			return err
		}
		s.count(c)
		if all = append(all, c); len(all) == batch {
			hand()
		}
	}
	hand()
	return nil
}

func (s *surveyor) count(c Conversation) {
	if c.User != "" {
		s.users[c.User] = struct{}{}
	}
	if c.ID == "" {
		return
	}
	if _, again := s.ids[c.ID]; again {
		s.repeated++
	}
	s.ids[c.ID] = struct{}{}
}

func (t *census) addAll(all []Conversation) {
	for _, c := range all {
		t.add(c)
	}
}

// profile sums up.
func (s *surveyor) profile(t *census) Profile {
	holds := s.reader.Holds()
	holds.Responses = holds.Responses || t.all.responses.All > 0
	statistics := &Statistics{
		Measures: t.all.measures(holds), Models: held(holds.Models, len(t.models)), Users: held(holds.Users, len(s.users)),
		RepeatedIDs: held(holds.IDs, s.repeated), TokensBy: tokens.GPT4.Name, LanguagesBy: s.languagesBy(holds),
		Classes: []Count{}, ByModel: groups(t.models, holds), ByLanguage: groups(t.languages, holds),
	}
	languages := len(t.languages)
	if _, unknown := t.languages[language.Unknown.Name()]; unknown && t.detect {
		languages--
	}
	statistics.Languages = &languages
	for class, rows := range t.classes {
		statistics.Classes = append(statistics.Classes, Count{class, rows})
	}
	slices.SortFunc(statistics.Classes, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Value, b.Value)) })
	rows, bad := t.all.conversations, len(s.reader.faults.Bad)
	p := Profile{Files: s.reader.Files(), Formats: s.reader.Formats(), Rows: rows + bad, Kept: rows, Dropped: []Reason{},
		Chars: t.chars.summary(), Keeps: t.chars.summary(), Faults: s.reader.Faults(), Statistics: statistics}
	if bad > 0 {
		p.Dropped = append(p.Dropped, Reason{Unreadable, bad})
	}
	return p
}

// held is a count, or nil where the files do not hold what is counted.
func held(there bool, n int) *int {
	if !there {
		return nil
	}
	return &n
}

// languagesBy says where the languages come from.
func (s *surveyor) languagesBy(h Holds) string {
	if !h.Languages {
		return language.Detector
	}
	var columns []string
	for _, in := range s.reader.inputs {
		if at := in.layout.language; at >= 0 && !slices.Contains(columns, in.wanted[at]) {
			columns = append(columns, in.wanted[at])
		}
	}
	return "column " + strings.Join(columns, ", ")
}

func groups(of map[string]*sums, h Holds) []Group {
	all := []Group{}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		all = append(all, Group{name, of[name].measures(h)})
	}
	slices.SortStableFunc(all, func(a, b Group) int { return cmp.Compare(b.Conversations, a.Conversations) })
	return all
}

func (s *sums) measures(h Holds) Measures {
	m := Measures{Conversations: s.conversations, Turns: s.turns.summary(), Prompts: s.prompts.Messages, Responses: s.responses.Messages,
		PromptChars: s.prompts.chars.summary(), PromptTokens: s.prompts.tokens.summary()}
	if h.Responses {
		chars, tokens := s.responses.chars.summary(), s.responses.tokens.summary()
		m.ResponseChars, m.ResponseTokens = &chars, &tokens
	}
	return m
}
