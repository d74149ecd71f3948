package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Others joins rows with the submission files in dir that bear exactly their names, so that submissions which are no probes can be recorded as
// evidence with the hash of their bytes. It returns copies of the rows, and the names of the CSV files in dir that no row is about.
func Others(dir string, rows []Row) (joined []Row, left []string, err error) {
	joined = slices.Clone(rows)
	sums := map[string]string{}
	for i := range joined {
		row := &joined[i]
		if row.File == "" || row.File != filepath.Base(row.File) {
			continue
		}
		sum, known := sums[row.File]
		if !known {
			if sum, err = HashFile(filepath.Join(dir, row.File)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, nil, fmt.Errorf("submissions in %s: %w", dir, err)
			}
			sums[row.File] = sum
		}
		if sum != "" {
			row.SHA256, row.Dir = sum, filepath.ToSlash(dir)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("submissions: %w", err)
	}
	for _, file := range files {
		if sums[file.Name()] == "" && strings.EqualFold(filepath.Ext(file.Name()), ".csv") {
			left = append(left, file.Name())
		}
	}
	return joined, left, nil
}
