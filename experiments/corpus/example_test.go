package corpus_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"lbprobe/experiments/corpus"
)

// A file is read once: every row is there, and the profile says which of them topics are learned from.
func Example() {
	dir, err := os.MkdirTemp("", "corpus")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "train.csv")
	content := `id,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie
30192,"[""Is it so?"",""Tell me how""]","[""Yes""]","[""No""]",1,0,0
53567,"[""Hi""]","[null]","[""Hello""]",0,0,1
`
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		log.Fatal(err)
	}

	r, err := corpus.Read(path, corpus.Options{Classes: []string{"winner_model_a", "winner_model_b", "winner_tie"}})
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	p := corpus.NewProfiler(corpus.Filter{MinChars: 10})
	for row, err := range r.Rows() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("line %d, id %s, class %d, kept %v: %q\n", row.Line, row.ID, row.Class, p.Add(row), row.Text)
	}
	if err := p.WriteDropped(os.Stdout, r); err != nil {
		log.Fatal(err)
	}
	// Output:
	// line 2, id 30192, class 0, kept true: "Is it so?\n\nTell me how"
	// line 3, id 53567, class 2, kept false: "Hi"
	// line,id,reason
	// 3,53567,shorter than 10 characters
}
