// Package sim is a leaderboard of known truth. It scores files, and knows nothing of designs:
//
//  1. [ReadTruth] reads the hidden classes, and the split where the file has one; [DrawSplit] draws a split otherwise.
//  2. [New] joins the truth and a scoring.
//  3. [Board.Submit] parses a submission, matches its rows by id and scores the public and the private ones.
//  4. [Board.Scores] shows the scores as text, cut to the board's decimals.
//
// A file that a competition would refuse ends as status ERROR with a message, and without a score. The package is pure: equal truth and
// equal files give equal rows.
package sim
