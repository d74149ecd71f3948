package design

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCSVRoundTrip(t *testing.T) {
	for _, s := range settings() {
		g := s.make(t, 1)
		d, err := Draw(g.m, g.o)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := d.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		got, err := ReadCSV(&b, s.topics, d.Columns, true)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d.Probes, got); diff != "" {
			t.Errorf("%v: probes read back (-want +got):\n%s", s, diff)
		}
	}
}

func TestReadCSVAllTopics(t *testing.T) {
	got, err := ReadCSV(strings.NewReader("probe,topic,class,probability\n3,*,a,0.25\n3,0,b,0.75\n3,1,b,0.5\n"), 2, []string{"a", "b"}, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Probe{{Number: 3, Q: [][]float64{{0.25, 0.75}, {0.25, 0.5}}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadCSVRefuses(t *testing.T) {
	const head = "probe,topic,class,probability\n"
	for text, want := range map[string]string{
		"":                             "EOF",
		"probe,topic,class\n":          "wrong number of fields",
		"a,b,c,d\n":                    "line 1: the header is",
		head + "0,0,a,0.5\n":           `line 2: probe: "0" is not a positive whole number`,
		head + "x,0,a,0.5\n":           `line 2: probe: "x" is not a positive whole number`,
		head + "1,2,a,0.5\n":           `line 2: topic: "2" is not a topic from 0 to 1`,
		head + "1,-1,a,0.5\n":          `line 2: topic: "-1" is not a topic from 0 to 1`,
		head + "1,0,c,0.5\n":           `line 2: class: "c" is none of ["a" "b"]`,
		head + "1,0,a,0\n":             `line 2: probability: "0" is not between 0 and 1`,
		head + "1,0,a,NaN\n":           `line 2: probability: "NaN" is not between 0 and 1`,
		head + "1,0,a,1\n":             `line 2: probability: "1" is not between 0 and 1`,
		head + "1,*,a,0.5\n1,0,a,.5\n": "line 3: probe 1, topic 0, class a stands twice",
		head + "1,*,a,0.5\n1,0,b,.5\n": "probe 1 has no probability for topic 1, class b",
		head + "1,0,a,0.5,6\n":         "wrong number of fields",
	} {
		_, err := ReadCSV(strings.NewReader(text), 2, []string{"a", "b"}, true)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: want an error with %q, got %v", text, want, err)
		}
	}
}

// FuzzReadCSV holds that what can be read is complete, and reads the same after it is written.
func FuzzReadCSV(f *testing.F) {
	f.Add("probe,topic,class,probability\n1,*,a,0.25\n1,*,b,0.75\n")
	f.Add("probe,topic,class,probability\n1,0,a,0.25\n1,0,b,0.75\n1,1,a,1e-12\n1,1,b,0.999\n2,*,a,.5\n2,*,b,.5\n")
	f.Add("\"probe\",topic,class,probability\r\n1,0,a,NaN\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		classes := []string{"a", "b"}
		probes, err := ReadCSV(strings.NewReader(text), 2, classes, true)
		if err != nil {
			return
		}
		for _, p := range probes {
			for _, q := range p.Q {
				if len(q) != 2 || !(q[0] > 0 && q[1] > 0) {
					t.Fatalf("incomplete probe %v", p)
				}
			}
		}
		var b bytes.Buffer
		if err := (&Design{Columns: classes, Topics: 2, Probes: probes}).WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		again, err := ReadCSV(&b, 2, classes, true)
		if err != nil {
			t.Fatal(err)
		}
		if len(probes) > 0 && !cmp.Equal(probes, again) {
			t.Fatalf("read %v, written and read again %v", probes, again)
		}
	})
}
