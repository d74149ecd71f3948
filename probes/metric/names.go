package metric

import (
	"fmt"
	"slices"
	"strings"

	"lbprobe/internal/fault"
)

// Metric is what a competition measures, by the name it has in an experiment file.
type Metric string

// The metrics that an experiment file may name. [Metric.Available] tells which of them are built.
const (
	LogLoss       Metric = "log-loss" // mean of -ln(probability of the row's class), any number of classes
	BinaryLogLoss Metric = "binary-log-loss"
	Brier         Metric = "brier"
	Accuracy      Metric = "accuracy"
	MAE           Metric = "mae"
	MSE           Metric = "mse"
	RMSE          Metric = "rmse"
	AUC           Metric = "auc"
)

// Available tells whether probes can be made for the metric and its scores read.
func (m Metric) Available() bool { return m == LogLoss }

// UnmarshalText accepts the names of the constants, available or not; the error lists them.
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
