package pipeline

import (
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"lbprobe/internal/fault"
	"lbprobe/results"
)

// writer binds the argument that comes second in the writing methods of the stages.
func writer[A any](argument A, write func(io.Writer, A) error) func(io.Writer) error {
	return func(w io.Writer) error { return write(w, argument) }
}

// table writes a CSV file of the run folder.
func table(folder *results.Folder, place string, header []string, fill func(put func(cells ...string) error) error) error {
	return folder.Write(place, func(w io.Writer) error {
		out := csv.NewWriter(w)
		if err := out.Write(header); err != nil {
			return err
		}
		if err := fill(func(cells ...string) error { return out.Write(cells) }); err != nil {
			return err
		}
		out.Flush()
		return out.Error()
	})
}

// readTable goes through a CSV file of the run folder and hands over each row by the names of its columns. Columns that are wanted must be there.
func readTable(folder *results.Folder, place string, wanted []string, take func(cell func(name string) string) error) error {
	path := folder.Path(place)
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("run folder: %w", err)
	}
	defer file.Close()
	in := csv.NewReader(file)
	in.ReuseRecord = true
	header, err := in.Read()
	if err != nil {
		return fault.Damaged(path, err)
	}
	at := map[string]int{}
	for i, name := range header {
		at[name] = i
	}
	for _, name := range wanted {
		if _, ok := at[name]; !ok {
			return fault.Damaged(path, fmt.Errorf("it has no column %q", name))
		}
	}
	for {
		record, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fault.Damaged(path, err)
		}
		if err := take(func(name string) string { return record[at[name]] }); err != nil {
			line, _ := in.FieldPos(0)
			return fault.Damaged(path, fmt.Errorf("line %d: %w", line, err))
		}
	}
}

// number reads a whole number that may not be negative.
func number(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is not a count", text)
	}
	return n, nil
}

// existing looks a file or folder up.
func existing(path string) (fs.FileInfo, bool) {
	info, err := os.Stat(path)
	return info, err == nil
}
