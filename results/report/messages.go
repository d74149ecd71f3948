package report

import (
	"fmt"

	"lbprobe/internal/table"
)

// messages prints what a channel has told besides the topics, each count beside its share in what can be seen.
func (s screen) messages(r Report) {
	for _, rows := range r.messageTables() {
		fmt.Fprintln(s)
		table.Text(s, "lrrr", rows)
	}
}

// messages prints the same.
func (p page) messages(r Report) {
	tables := r.messageTables()
	if len(tables) == 0 {
		return
	}
	p.printf("\n## What else the notebook counted\n")
	for _, rows := range tables {
		p.printf("\n")
		p.table("lrrr", rows)
	}
}

// messageTables are the rows of a table a message, the header first.
func (r Report) messageTables() (out [][][]string) {
	for _, m := range r.Result.Messages {
		rows := [][]string{{m.Message, "rows in all", "share", m.Seen}}
		for _, c := range m.Counts {
			share := percent(c.Share[0])
			if c.Share[0] != c.Share[1] {
				share += " to " + percent(c.Share[1])
			}
			count := fmt.Sprint(c.Lo)
			if c.Lo != c.Hi {
				count = fmt.Sprintf("%d to %d", c.Lo, c.Hi)
			}
			rows = append(rows, []string{plain(c.Name), count, share, percent(c.Seen)})
		}
		out = append(out, rows)
	}
	return out
}
