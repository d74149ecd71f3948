// Package calibration measures whether the analysis may be believed, over thousands of simulated competitions.
//
//  1. A Setting says what is asked of which test, and in which way the truth departs from the belief (Truth). Catalogue lists all.
//  2. A world is what a competitor knows: topic sizes, train rows, a belief, and a design drawn for it. Some competitions share it.
//  3. A competition is the truth: class shares, labels and split, drawn from the belief or bent away from it. Its board scores counts by
//     exact summation, which a test shows to be the same as scoring the files.
//  4. Three measurements read the shown scores through analysis.Analyze alone: claims (are the likeliest counts the truth, is "exact" said,
//     is it ever wrong, how long does it take), intervals (do they hold the truth as often as they say, are ranks uniform) and verdicts (how
//     many are false).
//  5. Run plays all of it on any number of threads and adds up in the order of worlds, so that equal seeds give equal figures. Report
//     writes them as Markdown and as a picture, every share with its Wilson interval.
//
// The rank of a truth among its posterior is the mass of what is likelier than it. It is uniform if the belief is right and the inference
// exact (Talts et al. 2018, simulation-based calibration, with highest-density regions in place of tails).
package calibration
