package embed

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"unsafe"

	"github.com/edsrzf/mmap-go"
	"gonum.org/v1/gonum/blas/blas32"

	"lbprobe/internal/fault"
)

// NPY is an open .npy file that holds a matrix of floats, mapped into memory. The file must not be cut short while it is open.
type NPY struct {
	Rows, Cols int

	path string
	file mmap.MMap
	head npyHeader
}

// OpenNPY maps a file written by numpy.save: format version 1 to 3, float16, float32 or float64 of either byte order, two dimensions
// in C order, at least one row and one column, neither shorter nor longer than its header says. Anything else is a fault that
// names the Python line to mend it. No value is read yet: see Matrix.
func OpenNPY(path string) (*NPY, error) {
	data, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	head, f := parseHeader(data)
	if f == nil {
		f = head.checkLength(len(data))
	}
	if f != nil {
		f.File = path
		return nil, closing(data, f)
	}
	return &NPY{Rows: head.rows, Cols: head.cols, path: path, file: data, head: head}, nil
}

// mapFile maps a regular, non-empty file for reading.
func mapFile(path string) (mmap.MMap, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, &fault.Error{File: path, Msg: "can't be opened: " + fault.Reason(err), Fix: "Check the path", Err: err}
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, &fault.Error{File: path, Msg: fault.Reason(err), Err: err}
	case !info.Mode().IsRegular():
		return nil, &fault.Error{File: path, Msg: "is not a regular file", Fix: "Name the .npy file itself"}
	case info.Size() == 0:
		return nil, &fault.Error{File: path, Msg: "is empty", Fix: "Write it with np.save(path, x)"}
	}
	data, err := mmap.Map(file, mmap.RDONLY, 0)
	if err != nil {
		return nil, &fault.Error{File: path, Msg: "can't be mapped into memory: " + fault.Reason(err), Err: err}
	}
	return data, nil
}

func closing(data mmap.MMap, f *fault.Error) error {
	if err := data.Unmap(); err != nil {
		f.Err = err
	}
	return f
}

// Close unmaps the file. A matrix that Matrix gave must not be used any more.
func (n *NPY) Close() error {
	if n.file == nil {
		return nil
	}
	data := n.file
	n.file = nil
	return data.Unmap()
}

// Matrix returns the values as float32, n×d. Values of float32 in the machine's own byte order are the mapped file itself: read
// only, and gone after Close. All others are converted into new memory. NaN, infinities and values beyond float32 are a fault
// that names the first row (from 0) that holds one.
func (n *NPY) Matrix() (blas32.General, error) {
	m := blas32.General{Rows: n.Rows, Cols: n.Cols, Stride: n.Cols, Data: n.values()}
	for i, v := range m.Data {
		if v-v != 0 { // true of NaN and ±Inf alone
			return blas32.General{}, n.notFinite(i)
		}
	}
	return m, nil
}

// values reads all numbers of the file.
func (n *NPY) values() []float32 {
	raw := n.file[n.head.offset:]
	count := n.Rows * n.Cols
	start := unsafe.Pointer(unsafe.SliceData(raw))
	if n.head.size == 4 && n.head.order == nativeOrder && uintptr(start)%unsafe.Alignof(float32(0)) == 0 {
		return unsafe.Slice((*float32)(start), count)
	}
	values := make([]float32, count)
	for i := range values {
		values[i] = float32(n.head.number(raw, i))
	}
	return values
}

// notFinite describes the value at index i of the matrix.
func (n *NPY) notFinite(i int) error {
	value, msg := n.head.number(n.file[n.head.offset:], i), ""
	if math.IsNaN(value) || math.IsInf(value, 0) {
		msg = fmt.Sprintf("row %d (from 0), column %d is %v", i/n.Cols, i%n.Cols, value)
	} else {
		msg = fmt.Sprintf("row %d (from 0), column %d is %v, beyond the range of float32", i/n.Cols, i%n.Cols, value)
	}
	return &fault.Error{File: n.path, Msg: msg, Fix: "Embed that text again, or leave the row out here and in the corpus"}
}

// nativeOrder is the byte order of this machine.
var nativeOrder = func() byteOrder {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return littleEndian
	}
	return bigEndian
}()
