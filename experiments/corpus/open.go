package corpus

import (
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/parquet-go/parquet-go"

	"lbprobe/internal/fault"
)

// input is one file of a corpus, open, with its columns known.
type input struct {
	path    string
	file    *os.File
	size    int64 // in bytes
	bom     bool
	offset  int64 // of the first byte behind the byte order mark
	format  Format
	columns []string
	options Options  // with the names that this file's columns have
	wanted  []string // the columns that are read, "" for none
	at      []int    // CSV, Parquet: the places of the wanted cells, -1 for none
	guessed bool     // the column of the users was not asked for: what is no single value there names nobody
	layout  layout   // where a whole conversation is found in the wanted cells
	parquet *parquet.File
}

// open opens a file and finds the columns that the options ask for.
func open(path string, o Options) (*input, error) {
	in, err := look(path, o.Format)
	if err != nil {
		return nil, err
	}
	resolve := in.resolve
	if o.Whole {
		resolve = in.resolveWhole
	}
	if err := resolve(o); err != nil {
		in.file.Close()
		return nil, err
	}
	return in, nil
}

// Columns are the names of a file's columns, in order; for JSONL the fields of its first object.
func Columns(path string) ([]string, error) {
	in, err := look(path, "")
	if err != nil {
		return nil, err
	}
	return in.columns, in.file.Close()
}

// look opens a file and reads its head: format and columns.
func look(path string, format Format) (*input, error) {
	file, err := os.Open(path)
	if err != nil {
		var cause *os.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return nil, &fault.Error{File: path, Msg: "cannot be opened: " + err.Error(), Fix: "Check the path", Err: err}
	}
	in := &input{path: path, file: file, format: format}
	if info, err := file.Stat(); err == nil { // of what is no file the head says so
		in.size = info.Size()
	}
	if err := in.head(); err != nil {
		file.Close()
		return nil, err
	}
	return in, nil
}

// head finds out the format, if it is not given, and the columns.
func (in *input) head() error {
	head := make([]byte, 4096)
	n, err := in.file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return in.unreadable(err)
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte(magic)) && (in.format == "" || in.format == LMSYSChat1M) {
		in.format = LMSYSChat1M
		return in.parquetHead()
	}
	if err := in.known(head); err != nil {
		return err
	}
	if in.bom = bytes.HasPrefix(head, []byte(bom)); in.bom {
		in.offset = int64(len(bom))
		head = head[len(bom):]
	}
	if len(bytes.TrimSpace(head)) == 0 && n < cap(head) {
		return &fault.Error{File: in.path, Msg: "the file is empty", Fix: "Check the path"}
	}
	if in.format == "" {
		in.format = byName(in.path, head)
	}
	if in.format == JSONL {
		return in.jsonlHead(head)
	}
	return in.csvHead()
}

// bom is the byte order mark of UTF-8.
const bom = "\xef\xbb\xbf"

// foreign are the first bytes of files that are something else, and what to do about them.
var foreign = []struct{ magic, what, fix string }{
	{"\x1f\x8b", "compressed with gzip", "Unpack it first: gunzip FILE"},
	{"PK\x03\x04", "a zip archive", "Unpack it first: unzip FILE"},
	{magic, "Parquet", "Set the format to lmsys-chat-1m, or leave it out"},
	{"\xff\xfe", "UTF-16", "Save it as UTF-8: iconv -f UTF-16 -t UTF-8"},
	{"\xfe\xff", "UTF-16", "Save it as UTF-8: iconv -f UTF-16 -t UTF-8"},
}

// known refuses files that are recognisably neither CSV nor JSONL, and others that are not the Parquet they should be.
func (in *input) known(head []byte) error {
	if in.format == LMSYSChat1M {
		return &fault.Error{File: in.path, Msg: "the file is not Parquet, which format says it is", Fix: "Leave the format out: it is told by the file itself"}
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return &fault.Error{File: in.path, Msg: "the file is " + f.what, Fix: f.fix}
		}
	}
	return nil
}

func (in *input) unreadable(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	var cause *os.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return &fault.Error{File: in.path, Msg: "cannot be read: " + err.Error(), Fix: "Give a regular file that may be read", Err: err}
}

// rows starts reading from the first row.
func (in *input) rows() (source, error) {
	switch in.format {
	case JSONL:
		s := newJSONL(in.file, in.offset)
		s.want(in.wanted)
		return s, nil
	case LMSYSChat1M:
		return newParquet(in, in.at)
	}
	s := newCSV(in.file, in.offset, 0)
	if _, err := s.header(); err != nil {
		return nil, err
	}
	s.want(in.at)
	return s, nil
}
