// Package results keeps what came back: the run folder of an experiment and the ledger of its scores.
//
// The flow, from a file of scores to the readings that are fitted:
//
//  1. [Create] or [Open] finds the run folder, results/<experiment>/. A folder without experiment.json is nobody's and is never written into.
//  2. [ReadScores] or [ParseTyped] turns what the user brought into rows. [Others] joins rows with submissions that are not probes.
//  3. [Ledger.Record] matches the rows with the probes of the manifest by [Rules] and appends what is new, under a lock: all rows or none.
//  4. [Ledger.Current] is what counts now: of every probe the latest entry of the latest epoch.
//
// The ledger only grows. A score that was wrong stays beside its correction and the reason for it. An epoch is a stretch of time in which
// the host did not rescore; scores of two epochs must never meet in one fit.
//
// Score texts are kept as they were shown, since their decimals are the ruler of the measurement.
package results
