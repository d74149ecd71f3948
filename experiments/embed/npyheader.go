package embed

import (
	"encoding/binary"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"lbprobe/internal/fault"
)

// npyMagic begins every .npy file; two bytes of version follow, then the length of the header, then the header: a Python
// dictionary with the keys descr, fortran_order and shape (NEP 1 of NumPy; version 3 differs in allowing UTF-8).
const npyMagic = "\x93NUMPY"

type byteOrder byte

const (
	littleEndian byteOrder = '<'
	bigEndian    byteOrder = '>'
)

// npyHeader is what the header says of the numbers that follow it.
type npyHeader struct {
	rows, cols int
	size       int // bytes a number: 2, 4 or 8
	order      byteOrder
	offset     int // of the first number in the file
}

var (
	descrPattern   = regexp.MustCompile(`['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))`)
	fortranPattern = regexp.MustCompile(`['"]fortran_order['"]\s*:\s*(True|False)`)
	shapePattern   = regexp.MustCompile(`['"]shape['"]\s*:\s*\(([0-9L,\s]*)\)`)
)

// parseHeader reads the head of a .npy file.
func parseHeader(data []byte) (npyHeader, *fault.Error) {
	text, offset, f := headerText(data)
	if f != nil {
		return npyHeader{}, f
	}
	h := npyHeader{offset: offset}
	if f := h.parseDescr(text); f != nil {
		return h, f
	}
	fortran := fortranPattern.FindStringSubmatch(text)
	if fortran == nil {
		return h, notNPY("its header lacks fortran_order")
	}
	if f := h.parseShape(text); f != nil {
		return h, f
	}
	if fortran[1] == "True" {
		return h, &fault.Error{Msg: "the matrix is in Fortran order", Fix: "Save it with np.save(path, np.ascontiguousarray(x))"}
	}
	return h, nil
}

// headerText cuts out the dictionary and tells where the numbers begin.
func headerText(data []byte) (text string, offset int, f *fault.Error) {
	if len(data) < 10 || string(data[:6]) != npyMagic {
		return "", 0, notNPY("is not a .npy file")
	}
	start, length := 10, int64(binary.LittleEndian.Uint16(data[8:]))
	switch major := data[6]; {
	case major < 1 || major > 3:
		return "", 0, notNPY(fmt.Sprintf("is a .npy file of version %d.%d; versions 1 to 3 are read", major, data[7]))
	case major > 1 && len(data) < 12:
		return "", 0, notNPY("ends within its header")
	case major > 1:
		start, length = 12, int64(binary.LittleEndian.Uint32(data[8:]))
	}
	if length > int64(len(data)-start) {
		return "", 0, notNPY("ends within its header")
	}
	offset = start + int(length)
	return string(data[start:offset]), offset, nil
}

// parseDescr reads the type of the numbers.
func (h *npyHeader) parseDescr(text string) *fault.Error {
	descr := descrPattern.FindStringSubmatch(text)
	switch {
	case descr == nil:
		return notNPY("its header lacks descr")
	case descr[2] != "":
		return wrongType("a structured type")
	case descr[1] == "|O":
		return wrongType("Python objects")
	}
	h.order = nativeOrder
	switch descr[1][:min(1, len(descr[1]))] {
	case "<":
		h.order = littleEndian
	case ">":
		h.order = bigEndian
	}
	switch strings.TrimLeft(descr[1], "<>=") {
	case "f2":
		h.size = 2
	case "f4":
		h.size = 4
	case "f8":
		h.size = 8
	default:
		return wrongType("numbers of type " + strconv.Quote(descr[1]))
	}
	return nil
}

func wrongType(what string) *fault.Error {
	return &fault.Error{Msg: "holds " + what + "; float16, float32 and float64 are read", Fix: "Save it with np.save(path, np.asarray(x, dtype=np.float32))"}
}

// parseShape reads the two dimensions.
func (h *npyHeader) parseShape(text string) *fault.Error {
	shape := shapePattern.FindStringSubmatch(text)
	if shape == nil {
		return notNPY("its header lacks shape")
	}
	var dims []int
	for field := range strings.SplitSeq(shape[1], ",") {
		field = strings.TrimSuffix(strings.TrimSpace(field), "L") // Python 2 wrote long integers so
		if field == "" {
			continue
		}
		n, err := strconv.Atoi(field)
		if err != nil {
			return notNPY(fmt.Sprintf("its shape (%s) is no list of numbers", shape[1]))
		}
		dims = append(dims, n)
	}
	if len(dims) != 2 {
		return &fault.Error{Msg: fmt.Sprintf("has %d dimensions, shape (%s)", len(dims), shape[1]), Fix: "Save a matrix with one row a text: np.save(path, x.reshape(len(texts), -1))"}
	}
	if dims[0] < 1 || dims[1] < 1 {
		return &fault.Error{Msg: fmt.Sprintf("holds no numbers: its shape is (%s)", shape[1]), Fix: "Save one row a text"}
	}
	h.rows, h.cols = dims[0], dims[1]
	return nil
}

func notNPY(msg string) *fault.Error {
	return &fault.Error{Msg: msg, Fix: "Write it with np.save(path, x)"}
}

// checkLength compares the length of the file with the one that the shape asks for.
func (h npyHeader) checkLength(have int) *fault.Error {
	if h.cols > math.MaxInt/8/h.rows {
		return notNPY(fmt.Sprintf("its shape (%d, %d) is larger than any memory", h.rows, h.cols))
	}
	need, have := h.rows*h.cols*h.size, have-h.offset
	switch {
	case have < need:
		whole := have / (h.cols * h.size)
		return &fault.Error{Msg: fmt.Sprintf("is truncated: %d of %d rows are there, %d of %d bytes", whole, h.rows, have, need), Fix: "Copy or write it again"}
	case have > need:
		return &fault.Error{Msg: fmt.Sprintf("has %d bytes after its %d×%d matrix", have-need, h.rows, h.cols), Fix: "Write one matrix a file: np.save(path, x)"}
	}
	return nil
}

// number is number i of the raw data.
func (h npyHeader) number(raw []byte, i int) float64 {
	var order binary.ByteOrder = binary.LittleEndian
	if h.order == bigEndian {
		order = binary.BigEndian
	}
	at := raw[i*h.size:]
	switch h.size {
	case 2:
		return half(order.Uint16(at))
	case 4:
		return float64(math.Float32frombits(order.Uint32(at)))
	}
	return math.Float64frombits(order.Uint64(at))
}

// half is the value of an IEEE 754 binary16 number: a sign, 5 bits of exponent biased by 15, and 10 bits of fraction.
func half(bits uint16) float64 {
	sign := uint32(bits>>15) << 31
	exponent, fraction := uint32(bits>>10&0x1f), uint32(bits&0x3ff)
	switch exponent {
	case 0: // zero and subnormal: fraction × 2⁻²⁴
		v := float64(fraction) * 0x1p-24
		return math.Copysign(v, float64(math.Float32frombits(sign|0x3f800000)))
	case 0x1f: // infinity and NaN
		return float64(math.Float32frombits(sign | 0x7f800000 | fraction<<13))
	}
	return float64(math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13))
}
