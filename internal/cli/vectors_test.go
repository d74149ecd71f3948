package cli

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/experiments/embed"
)

// writeVectors puts .npy files and ids for the train and test texts into a folder, and some that are wrong: one row short, one number a row more,
// not a number in row 3, two ids swapped.
func writeVectors(dir string) error {
	for _, set := range []string{"train", "test"} {
		ids, m, err := vectorsOf(filepath.Join(dir, set+".csv"))
		if err != nil {
			return err
		}
		if err := writeMatrix(filepath.Join(dir, set+".npy"), m); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, set+".ids.txt"), []byte(strings.Join(ids, "\n")+"\n"), 0o666); err != nil {
			return err
		}
		if set == "test" {
			return writeWrong(dir, ids, m)
		}
	}
	return nil
}

func writeWrong(dir string, ids []string, m blas32.General) error {
	short, wide, holes := m, m, m
	short.Rows--
	wide.Rows, wide.Cols, wide.Stride = m.Rows, m.Cols+1, m.Cols+1
	wide.Data = append(cloned(m.Data), make([]float32, m.Rows)...)
	holes.Data = cloned(m.Data)
	holes.Data[3*m.Stride+1] = float32(math.NaN())
	for name, bad := range map[string]blas32.General{"short.npy": short, "wide.npy": wide, "holes.npy": holes} {
		if err := writeMatrix(filepath.Join(dir, name), bad); err != nil {
			return err
		}
	}
	ids[0], ids[1] = ids[1], ids[0]
	return os.WriteFile(filepath.Join(dir, "swapped.ids.txt"), []byte(strings.Join(ids, "\n")+"\n"), 0o666)
}

// cloned copies values.
func cloned(v []float32) []float32 { return append([]float32(nil), v...) }

func writeMatrix(path string, m blas32.General) error {
	var b bytes.Buffer
	if err := embed.WriteNPY(&b, m); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o666)
}

// vectorsOf makes a vector of each text: how often it has each of some letters, which tells the themes apart well enough.
func vectorsOf(path string) (ids []string, m blas32.General, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, m, err
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, m, err
	}
	m.Cols, m.Stride = len(letters), len(letters)
	for _, r := range records[1:] {
		ids = append(ids, r[0])
		m.Data = append(m.Data, letterCounts(r[1])...)
		m.Rows++
	}
	return ids, m, nil
}

const letters = "abcdefghilmnoprstuvwy"

// letterCounts is the vector of a text.
func letterCounts(text string) (v []float32) {
	for _, l := range letters {
		v = append(v, float32(strings.Count(text, string(l))))
	}
	return v
}
