// Package metric says how a leaderboard turns a file of predictions into the digits it shows.
//
// A score passes four steps, each a setting of [Scoring]:
//
//  1. Normalise: a row that does not sum to 1 is divided, clipped first, left alone or refused ([Normalise]).
//  2. Clip: a probability is kept away from 0 and 1 ([Scoring.Clip]).
//  3. Score: what each row costs by its class ([Scoring.RowLoss]), averaged over the rows that count and brought to the metric's scale
//     ([Tally], [Scoring.Shown]).
//  4. Show: the score is cut to a number of decimals, rounded or floored ([Show]).
//
// A submission has one column a class, or a single one whose classes stand for numbers ([Values]). All metrics but auc are linear in the numbers
// of rows of each class once the score is back on the scale of a mean cost.
//
// The way back starts from the shown text: [ParseReading] keeps it, [ScoreInterval] gives the scores that could have been shown so, and
// [Scoring.LossInterval] the mean costs.
// [Quantise] makes predictions that the first two steps leave alone, so that every board reads a probe alike.
//
// The package is pure: it opens no file, reads no clock and draws no numbers.
package metric
