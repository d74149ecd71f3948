package corpus

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkReadParquet reads whole conversations of LMSYS-Chat-1M's lengths, and no more. MB are those of the file, which is compressed to about
// half of the text.
func BenchmarkReadParquet(b *testing.B) {
	path, size := chats(b)
	r, err := Read(path, Options{Whole: true})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	b.SetBytes(size)
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		for _, err := range r.Conversations() {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkSurvey profiles the same file, tokens and, where asked, languages included.
func BenchmarkSurvey(b *testing.B) {
	path, size := chats(b)
	for _, detect := range []bool{false, true} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("detect=%v/threads=%d", detect, threads), func(b *testing.B) {
				r, err := Read(path, Options{Whole: true, Detect: detect})
				if err != nil {
					b.Fatal(err)
				}
				defer r.Close()
				b.SetBytes(size)
				rows := 0
				for b.Loop() {
					p, err := Survey(r, threads, nil)
					if err != nil {
						b.Fatal(err)
					}
					rows += p.Rows
				}
				b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}

// chats writes a file of generated conversations, or takes that of CHATS.
func chats(b *testing.B) (path string, size int64) {
	if path = os.Getenv("CHATS"); path == "" {
		path = filepath.Join(b.TempDir(), "chats.parquet")
		writeChats(b, path, 2000)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return path, info.Size()
}
