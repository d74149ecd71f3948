package pipeline

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lbprobe/internal/notebook"
	"lbprobe/probes/channel"
	"lbprobe/probes/submission"
)

// boards are those that a channel has to work over.
var boards = []struct {
	decimals int
	floors   bool
}{{3, false}, {3, true}, {4, true}, {5, false}, {5, true}}

// hiddenOf is the small hidden test with other lines, and its own truth.
func hiddenOf(t *testing.T, pairs ...string) (s *Session, dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "cli", "testdata", "small"))); err != nil {
		t.Fatal(err)
	}
	return bundled(t, dir, strings.NewReplacer(append(pairs, "[simulate]", "[simulate]\ntruth = \"truth.csv\"")...).Replace(smallHidden)), dir
}

// designOf is the manifest of the design that is there.
func designOf(t *testing.T, s *Session) *submission.Manifest {
	t.Helper()
	folder, err := s.open()
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.probed(folder)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// playAll plays until all is told.
func (g columnGame) playAll() (scores map[int]string) {
	g.t.Helper()
	scores = map[int]string{}
	for probe := 1; probe > 0; probe = g.record(probe, scores) {
		if probe > 40 {
			g.t.Fatal("no end")
		}
		scores[probe] = g.score(probe, scores, "")
	}
	return scores
}

// TestEveryBoard: a board that rounds or floors, which the reader is not told, at any number of decimals.
func TestEveryBoard(t *testing.T) {
	for _, b := range boards {
		t.Run(fmt.Sprintf("%d decimals, floors %v", b.decimals, b.floors), func(t *testing.T) {
			s, dir := hiddenOf(t, "decimals = 4", fmt.Sprintf("decimals = %d", b.decimals))
			columnGame{t, s, dir, costsOf["log-loss"], shownBy(b.decimals, b.floors), map[string]string{}}.playAll()
			if h, err := hearingOf(t, s); err != nil || h.Trouble != "" || h.Wrong > 0 || h.Right != 5 {
				t.Errorf("%+v, %v", h, err)
			}
		})
	}
}

// TestMissingTopics: a hidden test in which most topics have no row at all is told as it is, however improbable.
func TestMissingTopics(t *testing.T) {
	s, dir := hiddenOf(t, `"rows"`, `"sizes"`)
	path := filepath.Join(dir, "test.csv")
	first := ""
	write(t, path, rewritten(t, read(t, path), func(i int, row []string) { // every row has the text of the first
		switch i {
		case 0:
		case 1:
			first = row[1]
		default:
			row[1] = first
		}
	}))
	columnGame{t, s, dir, costsOf["log-loss"], shownBy(4, false), map[string]string{}}.playAll()
	h, err := hearingOf(t, again(t, s))
	if err != nil || h.Trouble != "" || h.Wrong > 0 || h.Right != 5 {
		t.Fatalf("%+v, %v", h, err)
	}
	absent := 0
	for _, k := range h.Topics {
		if k.Hi == 0 {
			absent++
		}
	}
	if absent != 4 {
		t.Errorf("%d topics are told to be absent, want 4: %+v", absent, h.Topics)
	}
}

// TestOtherRows: rows that change between two probes, as they never do on Kaggle, are noticed by the checksum.
func TestOtherRows(t *testing.T) {
	s, dir := hiddenOf(t)
	g := columnGame{t, s, dir, costsOf["log-loss"], shownBy(4, false), map[string]string{}}
	scores := map[int]string{}
	for probe := 1; probe <= 2; probe++ {
		scores[probe] = g.score(probe, scores, "")
		g.record(probe, scores)
	}
	path := filepath.Join(dir, "test.csv")
	words := ""
	write(t, path, rewritten(t, read(t, path), func(i int, row []string) {
		if i == 1 {
			words = row[1]
		}
		if i > 1 && i < 40 {
			row[1] = words
		}
	}))
	table, told := channelOf(t, s), &channel.Reading{Next: 3}
	for told.Next > 0 {
		probe := told.Next
		scores[probe] = g.score(probe, scores, "")
		if _, err := s.Record(Scores{Typed: []string{fmt.Sprintf("%d=%s", probe, scores[probe])}}); err != nil {
			t.Fatal(err)
		}
		var err error
		if told, err = table.Decode(scores); err != nil {
			t.Fatal(err)
		}
	}
	h, err := hearingOf(t, s)
	if err != nil || h.Trouble == "" || len(h.Topics) > 0 || !strings.Contains(h.Steps[0], "hold every recorded score against the board's") {
		t.Errorf("%+v, %v", h, err)
	}
}

// TestWrongDigits types every score of a message with every wrong digit: nearly none may be read as another message. What one in 128 allows is the
// checksum's promise; here it must hold for the scores of one experiment.
func TestWrongDigits(t *testing.T) {
	s, dir := hiddenOf(t)
	scores := columnGame{t, s, dir, costsOf["log-loss"], shownBy(4, false), map[string]string{}}.playAll()
	table, misread, tried := channelOf(t, s), 0, 0
	for probe, score := range scores {
		for at, digit := range []byte(score) {
			for d := byte('0'); d <= '9'; d++ {
				if digit == '.' || d == digit {
					continue
				}
				typed := maps.Clone(scores)
				typed[probe] = score[:at] + string(d) + score[at+1:]
				told, err := table.Decode(typed)
				if err != nil {
					t.Fatal(err)
				}
				tried++
				if told.Rejected == "" && len(told.Faults) == 0 && told.Next == 0 {
					misread++
				}
			}
		}
	}
	if tried < 100 || misread > tried/50 {
		t.Errorf("%d of %d wrong digits are read as another message", misread, tried)
	}
}

// TestSubmissionThatErred: a submission without a score leaves everything where it was.
func TestSubmissionThatErred(t *testing.T) {
	s, dir := hiddenOf(t)
	m := designOf(t, s)
	list := filepath.Join(dir, "scores.csv")
	write(t, list, "fileName,date,description,status,publicScore,privateScore\nsubmission.csv,2024-05-03 10:00:00,"+m.Probes[0].Tag+",SubmissionStatus.ERROR,,\n")
	matched, err := s.Record(Scores{File: list})
	if err != nil || len(matched.Skipped) != 1 {
		t.Errorf("%+v, %v", matched, err)
	}
	if h, err := hearingOf(t, s); err != nil || h.Next != 1 || h.Read != 0 || h.Trouble != "" {
		t.Errorf("%+v, %v", h, err)
	}
	if text := read(t, filepath.Join(dir, "results", "small", "probes", "NEXT.md")); !strings.Contains(text, "## Probe 1\n") {
		t.Errorf("%s", text)
	}
}

// TestFirstFaults: the score of each fault in the first submission names it, beside those that share its place.
func TestFirstFaults(t *testing.T) {
	s, dir := hiddenOf(t)
	g := columnGame{t, s, dir, costsOf["log-loss"], shownBy(4, false), map[string]string{}}
	shared := 0
	for i, f := range channel.Faults() {
		score := g.score(1, nil, f.String())
		if _, err := s.Record(Scores{Typed: []string{"1=" + score}, Correct: i > 0, Reason: "a test"}); err != nil {
			t.Fatal(err)
		}
		h, err := hearingOf(t, s)
		if err != nil || h.Next != 1 || !strings.Contains(h.Trouble, fmt.Sprintf("%q", f)) {
			t.Errorf("%s: %+v, %v", f, h, err)
		}
		if strings.Contains(h.Trouble, "one of the faults") {
			shared++
		}
	}
	t.Logf("%d of %d faults share a place", shared, len(channel.Faults()))
}

// TestNewRound: a new round knows nothing of the scores before it.
func TestNewRound(t *testing.T) {
	s, dir := hiddenOf(t)
	g := columnGame{t, s, dir, costsOf["log-loss"], shownBy(4, false), map[string]string{}}
	old := g.playAll()
	o := s.options
	o.Renew = true
	renewed, err := Open(s.Experiment.Path, o)
	if err != nil {
		t.Fatal(err)
	}
	made, err := renewed.Generate()
	if err != nil || made.Manifest.Probes[0].Number <= len(old) {
		t.Fatalf("%+v, %v", made, err)
	}
	later := again(t, s)
	if h, err := hearingOf(t, later); err != nil || h.Read != 0 || len(h.Topics) > 0 || h.Next != made.Manifest.Probes[0].Number {
		t.Errorf("%+v, %v", h, err)
	}
	scores := map[int]string{}
	for h := (&hearing{Next: made.Manifest.Probes[0].Number}); h.Next > 0; {
		scores[h.Next] = g.score(h.Next, scores, "")
		if _, err := later.Record(Scores{Typed: []string{fmt.Sprintf("%d=%s", h.Next, scores[h.Next])}}); err != nil {
			t.Fatal(err)
		}
		if h, err = hearingOf(t, later); err != nil || h.Trouble != "" || h.Wrong > 0 || h.Next == 0 && h.Right != 5 {
			t.Fatalf("%+v, %v", h, err)
		}
	}
	if matched, err := later.Record(Scores{Typed: []string{"1=" + old[1]}}); err == nil && len(matched.New) > 0 {
		t.Errorf("a score of the old round is taken: %+v", matched)
	}
}

// TestDamagedBundle: a bundle that is not as it was generated is not read by, and put together again.
func TestDamagedBundle(t *testing.T) {
	s, dir := hiddenOf(t)
	g := columnGame{t, s, dir, costsOf["log-loss"], shownBy(4, false), map[string]string{}}
	g.playAll()
	dataset := filepath.Join(dir, "results", "small", filepath.FromSlash(datasetPlace))
	for _, name := range []string{notebook.ChannelFile, notebook.ManifestFile, "centroids.npy", notebook.BinaryFile} {
		path := filepath.Join(dataset, name)
		whole := read(t, path)
		write(t, path, strings.Replace(whole, "1", "2", 1)+" ")
		if _, err := hearingOf(t, again(t, s)); err == nil && (name == notebook.ChannelFile || name == notebook.ManifestFile) {
			t.Errorf("%s: scores are read by a damaged bundle", name)
		}
		if _, err := again(t, s).Generate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := read(t, path); got != whole {
			t.Errorf("%s is not mended", name)
		}
		if h, err := hearingOf(t, again(t, s)); err != nil || h.Next != 0 || h.Wrong > 0 {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
}

// TestTwoExperiments: two experiments in one results folder keep their scores apart, and the tags of one are passed over by the other.
func TestTwoExperiments(t *testing.T) {
	s, dir := hiddenOf(t)
	g := columnGame{t, s, dir, costsOf["log-loss"], shownBy(4, false), map[string]string{}}
	g.playAll()
	text := strings.NewReplacer(`name = "small"`, `name = "other"`, "k = 5", "k = 4").Replace(read(t, s.Experiment.Path))
	write(t, filepath.Join(dir, "other.toml"), text)
	other, err := Open(filepath.Join(dir, "other.toml"), s.options)
	if err != nil {
		t.Fatal(err)
	}
	made, err := other.Generate()
	if err != nil {
		t.Fatal(err)
	}
	m := designOf(t, s)
	list := filepath.Join(dir, "scores.csv")
	write(t, list, "fileName,date,description,status,publicScore,privateScore\n"+
		"submission.csv,2024-05-03 10:00:00,"+m.Probes[0].Tag+",complete,18.0210,\nsubmission.csv,2024-05-03 11:00:00,"+made.Manifest.Probes[0].Tag+",complete,17.7110,\n")
	matched, err := other.Record(Scores{File: list})
	if err != nil || len(matched.New) != 1 || matched.New[0].Public != "17.7110" {
		t.Errorf("%+v, %v", matched, err)
	}
	if h, err := hearingOf(t, s); err != nil || h.Next != 0 || h.Wrong > 0 {
		t.Errorf("%+v, %v", h, err)
	}
}
