// Package judge has a language model do what people would do slowly: say which of two responses is better, and name topics.
//
// The flow of targets:
//
//  1. An [Item] is a prompt with two responses. [Pairs] makes pairs of conversations that have one response each.
//  2. [ParseTemplate] checks the prompt for the judge; [DefaultTemplate] is the one that is built in.
//  3. [Judge.Estimate] says what the questions cost at most; [Judge.Run] asks every item twice, the responses once in each order.
//  4. The [Verdict] of an item is the mean of both orders, so that it cannot depend on the order: exchanging the responses exchanges A and B in
//     the verdict and changes nothing else. What the order did is kept as [Judged.Gap].
//  5. [Calibrate] measures the verdicts against votes of people and corrects them, see [Map]. Every voted item is measured and corrected by a map that
//     was fitted without its prompt.
//
// [Judge.Names] names topics from their exemplars. A name is a label, never evidence.
package judge
