package submission

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lbprobe/internal/golden"
)

// someBundle has everything that a bundle can have.
var someBundle = Bundle{Experiment: "lmsys-topics", Owner: "me", Slug: "lmsys-chatbot-arena", Sources: []string{"me/minilm", "google/gemma/transformers/2b/3"},
	GPU: true, Manifest: strings.Repeat("0123456789abcdef", 4)}

func TestMetadata(t *testing.T) {
	var kernel, data bytes.Buffer
	if err := someBundle.WriteKernelMetadata(&kernel); err != nil {
		t.Fatal(err)
	}
	if err := someBundle.WriteDatasetMetadata(&data); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "kernel-metadata.json", kernel.String())
	golden.Check(t, "dataset-metadata.json", data.String())
	longest := Bundle{Experiment: strings.Repeat("x", 40), Owner: "me"}
	if n := len(longest.title()); n > 50 {
		t.Errorf("a title of %d characters, Kaggle takes 50", n)
	}
}

// TestProbeScript: probes of a bundle differ in one line, which holds number and scores.
func TestProbeScript(t *testing.T) {
	script := func(probe int, scores map[int]string) []string {
		var b bytes.Buffer
		if err := someBundle.WriteProbe(&b, probe, scores); err != nil {
			t.Fatal(err)
		}
		return strings.Split(b.String(), "\n")
	}
	first, third := script(1, nil), script(3, map[int]string{2: "4.500", 1: "18.021"})
	var differ []string
	for i := range first {
		if first[i] != third[i] {
			differ = append(differ, first[i], third[i])
		}
	}
	want := []string{`PROBE, SCORES = 1, {}`, `PROBE, SCORES = 3, {1: "18.021", 2: "4.500"}`}
	if diff := cmp.Diff(want, differ); diff != "" || len(first) != len(third) {
		t.Errorf("(-want +got):\n%s", diff)
	}
	names := fmt.Sprintf(`EXPERIMENT, COMPETITION, MANIFEST = "lmsys-topics", "lmsys-chatbot-arena", "%s"`, someBundle.Manifest)
	if text := strings.Join(first, "\n"); strings.Count(text, names) != 1 || strings.Contains(text, emptyNames) {
		t.Errorf("the names are not filled in:\n%s", text[:3000])
	}
}

// TestBundleEntry: tags of a bundle's probes differ by number and by data set, and nothing else.
func TestBundleEntry(t *testing.T) {
	other := someBundle
	other.Manifest = strings.Repeat("f", 64)
	one, two, three := someBundle.Entry(1), someBundle.Entry(2), other.Entry(1)
	if one.Tag == two.Tag || one.Tag == three.Tag || one != someBundle.Entry(1) {
		t.Errorf("%v, %v, %v", one, two, three)
	}
	if want := fmt.Sprintf("[lbp:lmsys-topics/001/%.8s]", one.SHA256); one.Tag != want || one.File != "lmsys-topics-001.csv" {
		t.Errorf("%v, want %s", one, want)
	}
}

func TestNextBundleSteps(t *testing.T) {
	first, second := someBundle.Entry(1), someBundle.Entry(2)
	next := NextBundle{Bundle: someBundle, Path: "lmsys.toml", Dir: "results/lmsys-topics/probes/bundle", Planned: 3, PerDay: 5}
	begin, middle, faulty, done := next, next, next, next
	begin.Probe = &first
	middle.Probe, middle.Scores, middle.Told = &second, map[int]string{1: "18.021"}, "A submission now carries 13.2 bits."
	faulty.Probe, faulty.Scores, faulty.Redo = &second, map[int]string{1: "18.021", 2: "1.103"}, `its score tells that the notebook met the fault "memory"`
	done.Scores, done.Told = map[int]string{1: "18.021", 2: "4.5", 3: "6.123"}, "They tell all that was asked."
	for name, n := range map[string]NextBundle{"begin": begin, "middle": middle, "faulty": faulty, "done": done} {
		golden.Check(t, "next-bundle-"+name+".md", NextBundleSteps(n))
	}
}

// TestNextScript: a probe that is submitted again does not know its own score.
func TestNextScript(t *testing.T) {
	second := someBundle.Entry(2)
	n := NextBundle{Bundle: someBundle, Probe: &second, Scores: map[int]string{1: "18.021", 2: "1.103"}}
	var b bytes.Buffer
	if err := n.WriteScript(&b); err != nil || !strings.Contains(b.String(), "\nPROBE, SCORES = 2, {1: \"18.021\"}\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
}
