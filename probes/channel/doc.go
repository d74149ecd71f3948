// Package channel makes the score of a code competition carry a message. In the rerun a notebook sees all test rows, public and private,
// and may choose what to submit. A prediction (a, b, …, b), the same for every row, has a score that depends on the rows only through the
// public share of class A. Once that is known, b picks the score: one of some ten thousand levels at 3 decimals, a million at 5. So the notebook counts
// its rows by topic and sends the counts out, coded so that a probable message takes few submissions.
//
//  1. [NewPlan] says what each level of answer costs ([Presence], [Sizes], [Exact]): submissions expected, usual and at worst, the
//     chance that a budget is enough, the modulus of the checksum. [Plan.Refusal] turns down what does not fit the worst class share that is
//     still possible. [New] makes the [Table] of one level, which [Table.Write] puts into the bundle; it never changes within a design.
//  2. In the notebook [ReadTable], count the rows, and [Table.Prediction] gives the row to submit for a probe, from the scores of the probes
//     before it. The first probes are constants that read class shares. If anything fails, [Table.FaultPrediction] gives the row whose
//     score names the [Fault].
//  3. [Table.Decode] reads the shown scores: class shares, the public rows themselves where digits suffice, the message as far as a
//     checksum covers it, a fault, or why the scores can't be right; and the number of the probe that is wanted next.
//
// # The code
//
// A message is a list of counts ([Field]), refined in stages ([Stage]): which topics are absent, rare or present, then size classes, then
// rows, each topic's by its share of those that are left. Its symbols narrow an interval by arithmetic coding in exact integers; digits to the base of the
// number of levels, which say where in it, are sent one a submission. Each stage has several books ([Book]), of which the notebook takes the shortest: what is
// believed, a few surprises anywhere, anything at all. So a wrong belief costs submissions and never the message.
//
// The first digits also say how many there are: the levels are divided among the lengths, and the first digit, or the first two, stand in the part of the message's
// own. So a reader knows from the first score on when it is done, and a wrong score can't pass for the beginning of something longer. In the last digit the message
// leaves levels over, 128 at the least ([Table.Check]) and mostly far more ([Reading.Modulus]), and a hash of its symbols says which of all these is sent: a wrong score
// passes with chance 1/128 or less, and with that over the number of levels after one submission more, for the digits that follow a message are hashes too. The reader
// encodes what it has read once more and compares.
//
// # The same on every machine
//
// The notebook runs on one kind of processor, the reader may be another, and their floats differ in the last bits. What both must find alike – how
// many levels there are, which level a shown score is, what a symbol costs – follows from the table's integers and the shown digits by
// integer arithmetic alone ([Table] says which). Floats only find the b that hits the middle of a level, and read class shares with some slack.
//
// # What a reading is worth
//
// Totals are of the whole test. The lowest classes are cut at 0, 1 and t ([PresenceCut]) so that they are verdicts on the private part: a
// topic of t rows or more has one there with the certainty asked, an absent one has none, and 1 to t-1 leave it open ([PrivateChance]).
//
// Log loss, binary log loss and the Brier score carry a channel. Accuracy and auc do not: a constant has as many scores there as there are classes, or one.
//
// The package is pure: it opens no file, reads no clock; what it draws comes from seeds of its own or the caller's.
package channel
