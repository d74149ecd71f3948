package corpus

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"lbprobe/internal/fault"
)

// magic stands at both ends of a Parquet file.
const magic = "PAR1"

// parquetHead opens the footer: the names of the columns, and which of them hold conversations.
func (in *input) parquetHead() error {
	err := guarded(func() (err error) {
		in.parquet, err = openParquet(in.file, in.size)
		return err
	})
	if err != nil {
		return in.damaged(0, err)
	}
	for _, column := range in.parquet.Root().Columns() {
		in.columns = append(in.columns, column.Name())
	}
	return nil
}

// openParquet reads the footer. Its length is held against the file's before memory is asked for.
func openParquet(file io.ReaderAt, size int64) (*parquet.File, error) {
	const ends = int64(2*len(magic) + 4) // the magic twice, and the footer's length
	if size < ends {
		return nil, errors.New("it ends within its first bytes")
	}
	tail := make([]byte, 8)
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil {
		return nil, err
	}
	if string(tail[4:]) != magic {
		return nil, errors.New("its end is missing")
	}
	if int64(binary.LittleEndian.Uint32(tail)) > size-ends {
		return nil, errors.New("its footer is longer than the file")
	}
	return parquet.OpenFile(file, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
}

// guarded runs f and turns a panic of the Parquet library, which some damaged files cause, into an error.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return f()
}

// damaged is the fault of a Parquet file that cannot be decoded behind a number of rows.
func (in *input) damaged(rows int, err error) error {
	var cause *os.PathError
	if errors.As(err, &cause) {
		return in.unreadable(err)
	}
	return &fault.Error{File: in.path, Line: rows, Msg: "the Parquet file is damaged: " + err.Error(),
		Fix: "Fetch it again and compare its checksum", Err: err}
}

// parquetSource reads the rows of a Parquet file by column, one row group after the other. It holds a page of each wanted column and no more.
// A row's "line" is its number, from 1.
type parquetSource struct {
	in     *input
	groups []parquet.RowGroup // those not yet begun
	leaves []*leaf            // all that are read
	wanted []reading          // for each wanted cell
	left   int64              // rows of the group that is being read
	row    int
	rec    record
}

// reading is how a cell is read from leaves; none for one that is absent.
type reading struct {
	scalar        *leaf
	content, role *leaf // of a list of messages; role may be nil
	shape         listShape
}

// newParquet reads the columns at the given places, -1 for none.
func newParquet(in *input, at []int) (*parquetSource, error) {
	s := &parquetSource{in: in, groups: in.parquet.RowGroups()}
	s.rec = record{cells: make([]string, len(at)), turns: make([][]Turn, len(at))}
	columns := in.parquet.Root().Columns()
	for _, c := range at {
		var r reading
		if c >= 0 {
			var err error
			if r, err = s.reading(columns[c]); err != nil {
				return nil, err
			}
		}
		s.wanted = append(s.wanted, r)
	}
	return s, nil
}

// plainColumns are the places of the columns that hold a single value a row; -1 for the others.
func (in *input) plainColumns() []int {
	at := make([]int, len(in.columns))
	for i, column := range in.parquet.Root().Columns() {
		if at[i] = i; !column.Leaf() || column.Repeated() {
			at[i] = -1
		}
	}
	return at
}

// reading finds the leaves of a column: one value a row, or a list of messages.
func (s *parquetSource) reading(column *parquet.Column) (r reading, err error) {
	if column.Leaf() && !column.Repeated() {
		r.scalar, err = s.leaf(column)
		return r, err
	}
	messages, ok := messagesOf(column)
	if !ok {
		return r, &fault.Error{File: s.in.path, Field: column.Name(), Msg: "is neither a single value nor a list of messages with content and role",
			Fix: "Name another column"}
	}
	r.shape = messages.listShape
	if r.content, err = s.leaf(messages.content); err == nil && messages.role != nil {
		r.role, err = s.leaf(messages.role)
	}
	return r, err
}

// compressions are those whose decoders are safe on damaged pages. That of LZ4 asks for ever more memory.
var compressions = []format.CompressionCodec{format.Uncompressed, format.Snappy, format.Gzip, format.Brotli, format.Zstd}

// leaf is the reader of a leaf column, one for all the cells that need it.
func (s *parquetSource) leaf(column *parquet.Column) (*leaf, error) {
	if codec := column.Compression().CompressionCodec(); !slices.Contains(compressions, codec) {
		return nil, &fault.Error{File: s.in.path, Field: strings.Join(column.Path(), "."), Msg: fmt.Sprintf("the column is compressed by %s, which is not read", codec),
			Fix: "Write the file with snappy or zstd"}
	}
	i := slices.IndexFunc(s.leaves, func(l *leaf) bool { return l.column == column.Index() })
	if i < 0 {
		i = len(s.leaves)
		s.leaves = append(s.leaves, &leaf{column: column.Index(), full: column.MaxDefinitionLevel()})
	}
	return s.leaves[i], nil
}

func (s *parquetSource) next() (record, error) {
	err := guarded(s.advance)
	if err == io.EOF {
		return s.rec, io.EOF
	}
	if err != nil {
		return s.rec, s.in.damaged(s.row, err)
	}
	return s.rec, nil
}

func (s *parquetSource) done() int64 {
	return int64(float64(s.in.size) * float64(s.row) / float64(max(s.in.parquet.NumRows(), 1)))
}

// advance reads the next row.
func (s *parquetSource) advance() error {
	for s.left == 0 {
		if len(s.groups) == 0 {
			return s.close()
		}
		if err := s.open(s.groups[0]); err != nil {
			return err
		}
		s.groups = s.groups[1:]
	}
	s.left--
	s.row++
	s.rec.line = s.row
	for _, l := range s.leaves {
		if err := l.nextRow(); err != nil {
			return fmt.Errorf("column %d of row %d: %w", l.column, s.row, err)
		}
	}
	for i, r := range s.wanted {
		if err := s.fill(i, r); err != nil {
			return err
		}
	}
	return nil
}

// fill makes a cell of the values of the row.
func (s *parquetSource) fill(i int, r reading) (err error) {
	switch {
	case r.scalar != nil:
		s.rec.cells[i] = r.scalar.text(0)
	case r.content != nil:
		s.rec.turns[i], err = r.turns(s.rec.turns[i][:0])
	}
	return err
}

// close lets go of the last pages. It returns io.EOF, or what went wrong.
func (s *parquetSource) close() error {
	for _, l := range s.leaves {
		if err := l.close(); err != nil {
			return err
		}
	}
	return io.EOF
}

// open begins a row group.
func (s *parquetSource) open(group parquet.RowGroup) error {
	chunks := group.ColumnChunks()
	for _, l := range s.leaves {
		if err := l.open(chunks[l.column]); err != nil {
			return err
		}
	}
	s.left = group.NumRows()
	if s.left < 0 {
		return errors.New("a row group has a negative number of rows")
	}
	return nil
}
