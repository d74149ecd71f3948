package metric

import (
	"fmt"
	"slices"
	"strings"

	"lbprobe/internal/fault"
)

// Metric is what a competition measures, by the name it has in an experiment file.
type Metric string

// The metrics. y is a row's class, as the number of [Scoring.Values], and v the one number that a submission of one column predicts for it.
const (
	LogLoss       Metric = "log-loss"        // mean of -ln(probability of the row's class), one column a class
	BinaryLogLoss Metric = "binary-log-loss" // mean of -ln v where y = 1, of -ln(1-v) where y = 0
	Brier         Metric = "brier"           // mean of (v-y)², or with one column a class of Σ (probability - [it is the row's class])²
	Accuracy      Metric = "accuracy"        // share of the rows with v = y; the higher the better
	MAE           Metric = "mae"             // mean of |v-y|
	MSE           Metric = "mse"             // mean of (v-y)²
	RMSE          Metric = "rmse"            // root of the mean of (v-y)²
	AUC           Metric = "auc"             // share of the pairs of a row with y = 1 and one with y = 0 whose v are in that order, ties half
)

// TakesColumn tells whether a submission may have one column of numbers, or of classes, behind the id.
func (m Metric) TakesColumn() bool { return m != LogLoss }

// TakesClasses tells whether a submission may have one column a class.
func (m Metric) TakesClasses() bool { return m == LogLoss || m == Brier }

// Binary tells whether the metric knows two classes only where a submission has one column.
func (m Metric) Binary() bool { return m == BinaryLogLoss || m == Brier || m == AUC }

// Numeric tells whether the metric measures distances, so that every class is a number.
func (m Metric) Numeric() bool { return m == MAE || m == MSE || m == RMSE }

// Probabilities tells whether predictions are probabilities, so that a board may refuse values outside [0, 1].
func (m Metric) Probabilities() bool { return m == LogLoss || m == BinaryLogLoss || m == Brier }

// Linear tells whether the score comes from a mean over the rows of something that each row has for itself, so that it is linear in the
// counts of rows.
func (m Metric) Linear() bool { return m != AUC }

// UnmarshalText accepts the names of the constants; the error lists them.
func (m *Metric) UnmarshalText(text []byte) (err error) {
	*m, err = oneOf(text, LogLoss, BinaryLogLoss, Brier, Accuracy, MAE, MSE, RMSE, AUC)
	return err
}

// Rounding is how the board cuts the mean to the digits it shows.
type Rounding string

// The roundings. Either is not a rounding of its own: it says that one of the others holds, the same one for all scores of an epoch.
const (
	Either Rounding = "either"
	Round  Rounding = "round" // to the nearest tick
	Floor  Rounding = "floor" // digits behind the last shown one are dropped
)

// UnmarshalText accepts the names of the constants; the error lists them.
func (r *Rounding) UnmarshalText(text []byte) (err error) {
	*r, err = oneOf(text, Either, Round, Floor)
	return err
}

// Hypotheses lists the roundings that r leaves open: two for Either, else r itself.
func (r Rounding) Hypotheses() []Rounding {
	if r == Either {
		return []Rounding{Round, Floor}
	}
	return []Rounding{r}
}

// Normalise is what a scorer does with a row of probabilities before it takes the logarithm.
type Normalise string

// The rules found in scorers at large. They agree on rows of [Quantise].
const (
	// Divide divides the row by its sum, then clips: Kaggle's classic multi-class log loss.
	Divide Normalise = "divide"
	// ClipThenDivide clips first, then divides by the sum: scikit-learn 1.2 to 1.4.
	ClipThenDivide Normalise = "clip-then-divide"
	// None only clips, so that a class predicted at 1.4 costs nothing: scikit-learn 1.5 and later.
	None Normalise = "none"
	// Refuse rejects a file with a value outside [0, 1] or a row whose sum is not 1 within a relative 1e-5, then clips: Kaggle's metric
	// utilities.
	Refuse Normalise = "error"
)

// UnmarshalText accepts the names of the constants; the error lists them.
func (n *Normalise) UnmarshalText(text []byte) (err error) {
	*n, err = oneOf(text, Divide, ClipThenDivide, None, Refuse)
	return err
}

// oneOf returns the known name that text spells.
func oneOf[T ~string](text []byte, known ...T) (T, error) {
	if name := T(text); slices.Contains(known, name) {
		return name, nil
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	return "", &fault.Error{
		Msg: fmt.Sprintf("%q is none of %s", text, strings.Join(names, ", ")),
		Fix: "Choose one of them",
	}
}
