package judge

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
)

// Outcome is who wins.
type Outcome int

// The outcomes, in the order of the fields of a Verdict.
const (
	WinsA Outcome = iota
	WinsB
	Tie
)

// Verdict is what a judge believes: the probabilities that people prefer response A, response B, or neither. They sum to 1.
type Verdict [3]float64

// Swapped is the verdict with the responses exchanged.
func (v Verdict) Swapped() Verdict { return Verdict{v[WinsB], v[WinsA], v[Tie]} }

// mean is the verdict of two orders together.
func mean(v, w Verdict) (m Verdict) {
	for i := range m {
		m[i] = (v[i] + w[i]) / 2
	}
	return m
}

// slack is how far the numbers of a reply may be from a sum of 1: what two decimals each can amount to, and a little more.
const slack = 0.03

// verdictKeys are the names of the numbers in a reply, by Outcome.
var verdictKeys = [3]string{"a", "b", "tie"}

// ParseVerdict reads the reply of a judge: one JSON object {"a": 0.6, "b": 0.3, "tie": 0.1}, perhaps with text or a code fence around it. The numbers
// must lie within 0 and 1 and sum to 1 within 0.03; they are then divided by their sum. Anything that can be understood in two ways is an error.
func ParseVerdict(reply string) (Verdict, error) {
	object, err := soleObject(reply)
	if err != nil {
		return Verdict{}, err
	}
	var v Verdict
	for i, key := range verdictKeys {
		raw, ok := object[key]
		if !ok {
			return Verdict{}, fmt.Errorf("the object has no %q", key)
		}
		if err := json.Unmarshal(raw, &v[i]); err != nil || string(raw) == "null" {
			return Verdict{}, fmt.Errorf("%q is not a number", key)
		}
		if !(v[i] >= 0 && v[i] <= 1) {
			return Verdict{}, fmt.Errorf("%q is not from 0 to 1", key)
		}
	}
	sum := v[0] + v[1] + v[2]
	if math.Abs(sum-1) > slack {
		return Verdict{}, fmt.Errorf("the numbers sum to %.4g, not to 1", sum)
	}
	for i := range v {
		v[i] /= sum
	}
	return v, nil
}

// soleObject finds the one JSON object of a reply. Names are compared in small letters.
func soleObject(reply string) (map[string]json.RawMessage, error) {
	var found map[string]json.RawMessage
	for rest := reply; ; {
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			break
		}
		object, length, err := readObject(rest[open:])
		if err != nil {
			rest = rest[open+1:]
			continue
		}
		if found != nil {
			return nil, errors.New("there is more than one JSON object")
		}
		found, rest = object, rest[open+length:]
	}
	if found == nil {
		return nil, errors.New("there is no JSON object")
	}
	return found, nil
}

// readObject reads the JSON object that text begins with, and tells its length. A name that occurs twice is an error.
func readObject(text string) (map[string]json.RawMessage, int, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return nil, 0, err
	}
	object := map[string]json.RawMessage{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, 0, err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, 0, err
		}
		key := strings.ToLower(fmt.Sprint(name))
		if _, twice := object[key]; twice {
			return nil, 0, fmt.Errorf("%q occurs twice", key)
		}
		object[key] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, 0, err
	}
	return object, int(decoder.InputOffset()), nil
}
