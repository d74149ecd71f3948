package corpus

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// summary is what the test below compares of a file.
type summary struct {
	Format      Format
	Rows, Chars int // Chars of all texts together
	First, Last string
	Classes     []int // rows of each class
	Public      int   // rows whose Usage is Public
}

// The figures were counted with Python 3.11: the csv module with newline="", json.loads for turns and lines, len of the joined turns.
func TestRealFiles(t *testing.T) {
	for _, tt := range []struct {
		file string
		o    Options
		want summary
	}{
		{"mtbench_human_votes.csv", Options{Classes: winners},
			summary{KaggleLMSYS, 3241, 1143860, "1616727698", "2157680967", []int{1209, 1271, 761}, 0}},
		{"mtbench_human_votes.csv", Options{Turns: FirstTurn}, summary{KaggleLMSYS, 3241, 976605, "1616727698", "2157680967", nil, 0}},
		{"spooky/train.csv", Options{Label: "author", Classes: authors},
			summary{CSV, 19579, 2918395, "id26305", "id00393", []int{7900, 5635, 6044}, 0}},
		{"spooky/test.csv", Options{}, summary{Format: CSV, Rows: 8392, Chars: 1240021, First: "id02310", Last: "id04282"}},
		{"clinc150.csv", Options{}, summary{CSV, 23700, 946408, "c00000", "c23699", nil, 0}},
		{"chat_prompts.jsonl", Options{}, summary{JSONL, 4729, 3664609, "cp00000", "cp04728", nil, 0}},
		{"lmsys_val/labels.csv", Options{Classes: winners, NoText: true},
			summary{Format: CSV, Rows: 7172, First: "96401", Last: "4293990653", Classes: []int{2544, 2408, 2220}}},
		{"dsb2017/stage1_solution.csv", Options{Label: "cancer", Classes: []string{"0", "1"}, NoText: true},
			summary{CSV, 198, 0, "026470d51482c93efc18b9803159c960", "ff8599dd7c1139be3bad5a0351ab749a", []int{141, 57}, 198}},
	} {
		t.Run(tt.file, func(t *testing.T) {
			r, err := Read(shared(t, tt.file), tt.o)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if diff := cmp.Diff(tt.want, summed(t, r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if f := r.Faults(); !cmp.Equal(f, Faults{}) {
				t.Errorf("faults %+v", f)
			}
		})
	}
}

func summed(t *testing.T, r *Reader) (s summary) {
	s.Format = r.Formats()[0]
	if r.o.Classes != nil {
		s.Classes = make([]int, len(r.o.Classes))
	}
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if s.Rows++; s.First == "" {
			s.First = row.ID
		}
		s.Last = row.ID
		s.Chars += utf8.RuneCountInString(row.Text)
		if row.Class >= 0 {
			s.Classes[row.Class]++
		}
		if row.Usage == "Public" {
			s.Public++
		}
	}
	return s
}

// Counted with the same Python: 3151 prompts of 32 to 1536 characters, none shorter, 90 longer.
func TestRealFilter(t *testing.T) {
	profile, _ := profiled(t, Filter{MinChars: 32, MaxChars: 1536}, Options{}, shared(t, "mtbench_human_votes.csv"))
	if diff := cmp.Diff([]Reason{{"longer than 1536 characters", 90}}, profile.Dropped); diff != "" || profile.Kept != 3151 {
		t.Errorf("kept %d, dropped (-want +got):\n%s", profile.Kept, diff)
	}
}
