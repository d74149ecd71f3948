package corpus

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// class reads the class of a row from its label cell or its class cells; -1 where labels are not read.
func (p *pass) class(format Format, o Options, cells []string) (int, error) {
	switch {
	case len(o.Classes) == 0:
		return -1, nil
	case o.Label != "":
		label, err := p.scalar(format, o.Label, cells[0])
		if err != nil {
			return -1, err
		}
		return labelled(o, label)
	}
	return p.oneHot(format, o, cells)
}

func labelled(o Options, label string) (int, error) {
	if c := slices.Index(o.Classes, label); c >= 0 {
		return c, nil
	}
	return -1, &rowError{field: o.Label, msg: fmt.Sprintf("label %q is none of the classes %s", label, strings.Join(o.Classes, ", ")),
		fix: "Mend the label or add it to classes", cause: &UnknownLabel{Label: label}}
}

// UnknownLabel is a label that is none of the classes. It is the cause (errors.As) of the *fault.Error that says so, for a caller that knows
// where the classes were written and would rather point there.
type UnknownLabel struct{ Label string }

// Error says what is wrong with the label.
func (u *UnknownLabel) Error() string { return fmt.Sprintf("label %q is none of the classes", u.Label) }

// oneHot finds the one class cell that is 1 among zeros.
func (p *pass) oneHot(format Format, o Options, cells []string) (int, error) {
	class, ones := -1, 0
	for c, cell := range cells {
		text, err := p.scalar(format, o.Classes[c], cell)
		if err != nil {
			return -1, err
		}
		one, ok := zeroOrOne(text)
		if !ok {
			return -1, &rowError{field: o.Classes[c], msg: fmt.Sprintf("%q is neither 0 nor 1", text)}
		}
		if one {
			class, ones = c, ones+1
		}
	}
	if ones != 1 {
		return -1, &rowError{field: "classes", msg: fmt.Sprintf("%d of %s are 1; exactly one must be", ones, strings.Join(o.Classes, ", "))}
	}
	return class, nil
}

// zeroOrOne reads 0 and 1 in the spellings that data frames write: 1, 1.0, True.
func zeroOrOne(cell string) (one, ok bool) {
	switch cell {
	case "0":
		return false, true
	case "1":
		return true, true
	}
	if b, err := strconv.ParseBool(cell); err == nil {
		return b, true
	}
	v, err := strconv.ParseFloat(cell, 64)
	return v == 1, err == nil && (v == 0 || v == 1)
}
