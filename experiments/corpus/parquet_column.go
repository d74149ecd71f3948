package corpus

import (
	"errors"
	"io"

	"github.com/parquet-go/parquet-go"
)

// leaf reads the values of a leaf column row by row. The values of a row are valid until the next row is read.
type leaf struct {
	column int // of the file's leaf columns
	full   int // definition level of a value that is not null
	pages  parquet.Pages
	page   parquet.Page
	reader parquet.ValueReader
	buffer [128]parquet.Value
	ahead  []parquet.Value // of buffer, not yet taken
	row    []value         // of the row that is being read
}

// value is a value with its levels: how many of the optional and repeated parts of its path are there.
type value struct {
	text string
	null bool
	def  int
}

// open begins the column's chunk in a row group.
func (l *leaf) open(chunk parquet.ColumnChunk) error {
	err := l.close()
	l.pages = chunk.Pages()
	return err
}

// close lets go of the chunk that is being read, if there is one.
func (l *leaf) close() error {
	l.ahead, l.reader = nil, nil
	if l.page != nil {
		parquet.Release(l.page)
		l.page = nil
	}
	if l.pages == nil {
		return nil
	}
	err := l.pages.Close()
	l.pages = nil
	return err
}

// nextRow reads the values of the next row: one, or as many as its list has elements, one that says so if it has none.
func (l *leaf) nextRow() error {
	l.row = l.row[:0]
	for {
		v, err := l.peek()
		switch {
		case err == io.EOF && len(l.row) > 0:
			return nil
		case err == io.EOF:
			return errors.New("it ends early")
		case err != nil:
			return err
		case v.RepetitionLevel() == 0 && len(l.row) > 0:
			return nil
		case v.RepetitionLevel() > 0 && len(l.row) == 0:
			return errors.New("it begins within a row")
		}
		l.row = append(l.row, value{text: l.copy(v), null: v.IsNull(), def: v.DefinitionLevel()})
		l.ahead = l.ahead[1:]
	}
}

// copy is a value as text that stays when the page goes.
func (l *leaf) copy(v parquet.Value) string {
	if v.IsNull() {
		return ""
	}
	if kind := v.Kind(); kind == parquet.ByteArray || kind == parquet.FixedLenByteArray {
		return string(v.ByteArray())
	}
	return v.String()
}

// peek returns the next value of the chunk without taking it.
func (l *leaf) peek() (parquet.Value, error) {
	for len(l.ahead) == 0 {
		if l.reader == nil {
			if err := l.turnPage(); err != nil {
				return parquet.Value{}, err
			}
		}
		n, err := l.reader.ReadValues(l.buffer[:])
		if err != nil && err != io.EOF {
			return parquet.Value{}, err
		}
		if l.ahead = l.buffer[:n]; n == 0 {
			l.reader = nil
		}
	}
	return l.ahead[0], nil
}

// turnPage begins the next page of the chunk.
func (l *leaf) turnPage() error {
	if l.page != nil {
		parquet.Release(l.page)
		l.page = nil
	}
	page, err := l.pages.ReadPage()
	if err != nil {
		return err
	}
	l.page, l.reader = page, page.Values()
	return nil
}

// text is the i-th value of the row, "" where it is null.
func (l *leaf) text(i int) string { return l.row[i].text }

// listShape is where, counted in definition levels, a list, its elements and their messages begin to be there.
type listShape struct {
	list    int // from this on the list is not null
	element int // from this on it has an element
	message int // from this on the element is not null
}

// messages are the leaves of a column that is a list of messages.
type messages struct {
	listShape
	content, role *parquet.Column // role may be nil
}

// messagesOf finds the leaves of a list of structs that have the field content, or of a list of strings. Writers differ in what they call the
// levels between: list and element as the format's specification has it, list and item in files of older pyarrow, bag and array_element
// elsewhere, or a repeated group alone. So names are not asked for, but what repeats.
func messagesOf(column *parquet.Column) (m messages, ok bool) {
	level := 0
	node := column
	for ; !node.Repeated(); node = node.Columns()[0] {
		if node.Optional() {
			level++
		}
		if len(node.Columns()) != 1 {
			return m, false
		}
	}
	m.list, m.element = level, level+1
	level++
	for len(node.Columns()) == 1 && node.Columns()[0].Name() != "content" {
		node = node.Columns()[0]
		if node.Repeated() {
			return m, false
		}
		if node.Optional() {
			level++
		}
	}
	m.message = level
	if node.Leaf() {
		m.content = node
		m.message = m.element // the string itself may be null, which is a null turn either way
	} else {
		m.content, m.role = node.Column("content"), node.Column("role")
	}
	return m, m.content != nil && m.content.Leaf() && !m.content.Repeated() && (m.role == nil || m.role.Leaf() && !m.role.Repeated())
}

// turns appends the messages of the row. A list that is null is one null turn, and so is an element that is null; an empty list has none.
func (r reading) turns(to []Turn) ([]Turn, error) {
	content := r.content.row
	if r.role != nil && len(r.role.row) != len(content) {
		return to, errors.New("the columns of content and role do not fit together")
	}
	if first := content[0].def; first < r.shape.list {
		return append(to, Turn{Null: true}), nil
	} else if first < r.shape.element {
		return to, nil
	}
	for i, v := range content {
		turn := Turn{Text: v.text, Null: v.null || v.def < r.shape.message}
		if r.role != nil {
			turn.Role = roleOf(r.role.text(i))
		}
		to = append(to, turn)
	}
	return to, nil
}
