// Package metric says how a leaderboard turns a file of predictions into the digits it shows.
//
// A score passes four steps, each a setting of [Scoring]:
//
//  1. Normalise: a row that does not sum to 1 is divided, clipped first, left alone or refused ([Normalise]).
//  2. Clip: a probability is kept away from 0 and 1 ([Scoring.Clip]).
//  3. Score: -ln of the true class, averaged over the rows that count ([Scoring.RowLoss], [Scoring.Score]).
//  4. Show: the mean is cut to a number of decimals, rounded or floored ([Show]).
//
// The way back starts from the shown text: [ParseReading] keeps it, and [ScoreInterval] gives the means that could have been shown so.
// [Quantise] makes predictions that the first two steps leave alone, so that every board reads a probe alike.
//
// The package is pure: it opens no file, reads no clock and draws no numbers.
package metric
