package embed

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"

	"gonum.org/v1/gonum/blas/blas32"
)

// WriteNPY writes m as numpy.save would write a float32 matrix: format version 1.0, little endian, C order, the numbers beginning at
// a multiple of 64 bytes. It writes once a row; give it a buffered writer.
func WriteNPY(w io.Writer, m blas32.General) error {
	dict := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", m.Rows, m.Cols)
	length := (10+len(dict)+1+63)/64*64 - 10
	head := binary.LittleEndian.AppendUint16([]byte(npyMagic+"\x01\x00"), uint16(length))
	head = append(head, dict+strings.Repeat(" ", length-len(dict)-1)+"\n"...)
	if _, err := w.Write(head); err != nil {
		return err
	}
	row := make([]byte, 0, 4*m.Cols)
	for i := range m.Rows {
		row = row[:0]
		for _, v := range m.Data[i*m.Stride : i*m.Stride+m.Cols] {
			row = binary.LittleEndian.AppendUint32(row, math.Float32bits(v))
		}
		if _, err := w.Write(row); err != nil {
			return err
		}
	}
	return nil
}
