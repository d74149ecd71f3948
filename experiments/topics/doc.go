// Package topics groups embedded texts into topics with k-means, and freezes the result so that later rows join the same topics.
//
// The flow of Fit:
//
//  1. check that the rows are finite and that at least k of them differ;
//  2. for every restart choose k rows by greedy k-means++ and run Lloyd's iterations until no row changes its cluster; keep the
//     restart with the least inertia;
//  3. give every row its nearest centroid, cut off the rows beyond the asked quantile of distances as the topic "other", and
//     number the topics from the largest to the smallest;
//  4. return all that as a Result, whose Codebook assigns new rows by the same rule.
//
// Exemplars and Keywords describe the topics to a reader; NMI and AdjustedRand compare two ways to group the same rows.
//
// Data is float32, sums and distances that decide anything are float64, and each of them is added up in one fixed order by one
// goroutine. So equal input, options and seed give equal bytes at any number of threads. Rows and topics count from 0. No function
// changes its input.
package topics
