package embed

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/blas/blas32"
)

// npyFile puts a file together from its parts.
func npyFile(version byte, dict string, data []byte) []byte {
	b := append([]byte(npyMagic), version, 0)
	if version == 1 {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(dict)))
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(dict)))
	}
	return append(append(b, dict...), data...)
}

func header(descr, order, shape string) string {
	return fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }", descr, order, shape)
}

// write puts bytes into a file of the name in a new folder.
func write(tb testing.TB, name string, data []byte) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func readNPY(tb testing.TB, data []byte) (blas32.General, error) {
	tb.Helper()
	n, err := OpenNPY(write(tb, "x.npy", data))
	if err != nil {
		return blas32.General{}, err
	}
	tb.Cleanup(func() {
		if err := n.Close(); err != nil {
			tb.Error(err)
		}
	})
	return n.Matrix()
}

// numbers packs values in every type that is read; all are exact in float16, whose bits stand beside them.
func numbers(size int, order binary.AppendByteOrder) (b []byte, want []float32) {
	for _, v := range []struct {
		value float32
		half  uint16
	}{{1.5, 0x3e00}, {-2, 0xc000}, {3.25, 0x4280}, {0, 0}, {0x1p-24, 1}, {65504, 0x7bff}} {
		want = append(want, v.value)
		switch size {
		case 2:
			b = order.AppendUint16(b, v.half)
		case 4:
			b = order.AppendUint32(b, math.Float32bits(v.value))
		case 8:
			b = order.AppendUint64(b, math.Float64bits(float64(v.value)))
		}
	}
	return b, want
}

func TestMatrixOfEveryType(t *testing.T) {
	for _, size := range []int{2, 4, 8} {
		for mark, order := range map[string]binary.AppendByteOrder{"<": binary.LittleEndian, ">": binary.BigEndian} {
			for version := byte(1); version <= 3; version++ {
				data, want := numbers(size, order)
				for pad := range 4 { // the numbers begin at any address
					dict := header(fmt.Sprintf("'%sf%d'", mark, size), "False", "(3, 2)") + strings.Repeat(" ", pad)
					m, err := readNPY(t, npyFile(version, dict, data))
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(blas32.General{Rows: 3, Cols: 2, Stride: 2, Data: want}, m); diff != "" {
						t.Errorf("%sf%d version %d, -want +got:\n%s", mark, size, version, diff)
					}
				}
			}
		}
	}
}

// What NumPy 2.4.6 wrote for np.array([[1.5, -2], [3.25, 0]], dtype="<f4").
var numpyBytes = []byte("\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }" + strings.Repeat(" ", 58) + "\n\x00\x00\xc0?\x00\x00\x00\xc0\x00\x00P@\x00\x00\x00\x00")

func TestWriteNPYAsNumPy(t *testing.T) {
	m := blas32.General{Rows: 2, Cols: 2, Stride: 3, Data: []float32{1.5, -2, 99, 3.25, 0}}
	var b bytes.Buffer
	if err := WriteNPY(&b, m); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(numpyBytes, b.Bytes()); diff != "" {
		t.Errorf("-NumPy +got:\n%s", diff)
	}
	got, err := readNPY(t, b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{1.5, -2, 3.25, 0}, got.Data); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestWriteNPYFails(t *testing.T) {
	for _, room := range []int{0, 130} {
		err := WriteNPY(&fullDisk{room}, blas32.General{Rows: 2, Cols: 1, Stride: 1, Data: []float32{1, 2}})
		if !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("room for %d bytes: %v", room, err)
		}
	}
}

func TestNPYFaults(t *testing.T) {
	floats, _ := numbers(4, binary.LittleEndian)
	doubles := binary.LittleEndian.AppendUint64(nil, math.Float64bits(1e300))
	nan := binary.LittleEndian.AppendUint32(floats[:12:12], math.Float32bits(float32(math.NaN())))
	good := header("'<f4'", "False", "(3, 2)")
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "is empty. Write it with np.save(path, x)"},
		{"text", []byte("1.0,2.0\n3.0,4.0\n"), "is not a .npy file. Write it with np.save(path, x)"},
		{"npz", []byte("PK\x03\x04 and more of it"), "is not a .npy file. Write it with np.save(path, x)"},
		{"version", npyFile(4, good, floats), "is a .npy file of version 4.0; versions 1 to 3 are read. Write it with np.save(path, x)"},
		{"cut in header", npyFile(1, good, nil)[:40], "ends within its header. Write it with np.save(path, x)"},
		{"cut in length", npyFile(2, good, nil)[:11], "ends within its header. Write it with np.save(path, x)"},
		{"truncated", npyFile(1, good, floats[:20]), "is truncated: 2 of 3 rows are there, 20 of 24 bytes. Copy or write it again"},
		{"trailing", npyFile(1, good, append(floats[:24:24], 7)), "has 1 bytes after its 3×2 matrix. Write one matrix a file: np.save(path, x)"},
		{"Fortran", npyFile(1, header("'<f4'", "True", "(3, 2)"), floats), "the matrix is in Fortran order. Save it with np.save(path, np.ascontiguousarray(x))"},
		{"objects", npyFile(1, header("'|O'", "False", "(3, 2)"), floats), "holds Python objects; float16, float32 and float64 are read. Save it with np.save(path, np.asarray(x, dtype=np.float32))"},
		{"integers", npyFile(1, header("'<i8'", "False", "(3, 1)"), floats), `holds numbers of type "<i8"; float16, float32 and float64 are read. Save it with np.save(path, np.asarray(x, dtype=np.float32))`},
		{"structured", npyFile(1, header("[('a', '<f4')]", "False", "(3,)"), floats), "holds a structured type; float16, float32 and float64 are read. Save it with np.save(path, np.asarray(x, dtype=np.float32))"},
		{"one dimension", npyFile(1, header("'<f4'", "False", "(6,)"), floats), "has 1 dimensions, shape (6,). Save a matrix with one row a text: np.save(path, x.reshape(len(texts), -1))"},
		{"no rows", npyFile(1, header("'<f4'", "False", "(0, 2)"), nil), "holds no numbers: its shape is (0, 2). Save one row a text"},
		{"overflowing shape", npyFile(1, header("'<f4'", "False", "(4611686018427387905, 4)"), floats), "its shape (4611686018427387905, 4) is larger than any memory. Write it with np.save(path, x)"},
		{"number too long", npyFile(1, header("'<f4'", "False", "(99999999999999999999, 4)"), floats), "its shape (99999999999999999999, 4) is no list of numbers. Write it with np.save(path, x)"},
		{"no descr", npyFile(1, "{'fortran_order': False, 'shape': (3, 2)}", floats), "its header lacks descr. Write it with np.save(path, x)"},
		{"NaN", npyFile(1, header("'<f4'", "False", "(2, 2)"), nan), "row 1 (from 0), column 1 is NaN. Embed that text again, or leave the row out here and in the corpus"},
		{"infinite half", npyFile(1, header("'>f2'", "False", "(1, 2)"), []byte{0, 0, 0x7c, 0}), "row 0 (from 0), column 1 is +Inf. Embed that text again, or leave the row out here and in the corpus"},
		{"too large", npyFile(1, header("'<f8'", "False", "(1, 1)"), doubles), "row 0 (from 0), column 0 is 1e+300, beyond the range of float32. Embed that text again, or leave the row out here and in the corpus"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readNPY(t, c.data)
			_, got, _ := strings.Cut(fmt.Sprint(err), "x.npy: ")
			if got != c.want {
				t.Errorf("\n got %v\nwant …x.npy: %s", err, c.want)
			}
		})
	}
}

func TestOpenNPYMissing(t *testing.T) {
	_, err := OpenNPY("no such.npy")
	if want := "no such.npy: can't be opened: no such file or directory. Check the path"; fmt.Sprint(err) != want || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %s", err, want)
	}
	dir := t.TempDir()
	if _, err := OpenNPY(dir); fmt.Sprint(err) != dir+": is not a regular file. Name the .npy file itself" {
		t.Errorf("a folder: %v", err)
	}
}

// Every binary16 by the standard's formula: (-1)^s·2^(e-15)·(1+f/1024), or (-1)^s·2^-14·f/1024 where e is 0.
func TestHalf(t *testing.T) {
	for bits := range 1 << 16 {
		s, e, f := bits>>15, bits>>10&31, float64(bits&1023)
		want := math.Ldexp(1+f/1024, e-15)
		switch {
		case e == 0:
			want = math.Ldexp(f/1024, -14)
		case e == 31 && f == 0:
			want = math.Inf(1)
		case e == 31:
			want = math.NaN()
		}
		if s == 1 {
			want = -want
		}
		got := half(uint16(bits))
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) != (s == 1) {
			t.Fatalf("half(%#04x) = %v, want %v", bits, got, want)
		}
	}
}

func FuzzParseHeader(f *testing.F) {
	f.Add(numpyBytes)
	for version := byte(1); version <= 4; version++ {
		f.Add(npyFile(version, header("'<f2'", "True", "(3L, 2L)"), nil))
	}
	f.Add(npyFile(1, header("[('a', '<f4')]", "False", "()"), nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, fault := parseHeader(data)
		if fault == nil {
			fault = h.checkLength(len(data))
		}
		if fault == nil && len(data)-h.offset != h.rows*h.cols*h.size {
			t.Errorf("accepted %d bytes for %+v", len(data), h)
		}
	})
}

func TestCheckIDs(t *testing.T) {
	want := []string{"a", "b b", ""}
	for _, c := range []struct{ file, fault string }{
		{"a\nb b\n\n", ""},
		{"\ufeffa\r\nb b\r\n\r\n", ""},
		{"a\nc\n\n", `ids.txt:2: the vector is of id "c", but row 2 of the data has id "b b". Embed the rows in the order of the file and write their ids in that order`},
		{"a\nb b\n", "ids.txt: holds 2 ids for 3 rows. Embed every row of the file, and no others"},
		{"a\nb b\n\nd", "ids.txt: holds 4 ids for 3 rows. Embed every row of the file, and no others"},
		{"", "ids.txt: holds 0 ids for 3 rows. Embed every row of the file, and no others"},
	} {
		path := write(t, "ids.txt", []byte(c.file))
		got := ""
		if err := CheckIDs(path, want); err != nil {
			got = strings.TrimPrefix(err.Error(), filepath.Dir(path)+string(filepath.Separator))
		}
		if got != c.fault {
			t.Errorf("%q:\n got %s\nwant %s", c.file, got, c.fault)
		}
	}
	if err := CheckIDs("no such.txt", want); fmt.Sprint(err) != "no such.txt: can't be opened: no such file or directory. Check the path" {
		t.Error(err)
	}
}

func FuzzCheckIDs(f *testing.F) {
	f.Add([]byte("a\r\nb"), "a", "b")
	f.Fuzz(func(t *testing.T, file []byte, a, b string) {
		err := checkIDs(bytes.NewReader(file), "ids", []string{a, b})
		if text := a + "\n" + b + "\n"; err != nil && bytes.Equal(file, []byte(text)) && !strings.ContainsAny(a+b, "\r\n\ufeff") {
			t.Errorf("%q is refused: %v", text, err)
		}
	})
}

func BenchmarkMatrix(b *testing.B) {
	for _, descr := range []string{"<f4", "<f2", "<f8"} {
		b.Run("type="+descr[1:], func(b *testing.B) {
			size := int(descr[2] - '0')
			data := make([]byte, 20_000*384*size)
			path := write(b, "x.npy", npyFile(1, header("'"+descr+"'", "False", "(20000, 384)"), data))
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				n, err := OpenNPY(path)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := n.Matrix(); err != nil {
					b.Fatal(err)
				}
				if err := n.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
