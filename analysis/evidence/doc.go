// Package evidence reads what real past submissions say about a test, from their files and the scores they were shown.
//
// Nobody designed these files to be read, so no count comes out exact. But a file says what every row costs under every class, and a score is the
// mean of those costs over rows whose classes and whose part, public or private, are unknown. Many files share the same rows: what one score
// tells of the rows holds for the next. The flow:
//
//  1. A [Submission] is a file as losses, rows × classes ([Losses], [Errors]), with the intervals of its scores, as far as they are known.
//  2. [Fit] takes each row's class for a draw of its own. What is believed before any score: the chance of class c in row i is proportional to
//     base_ic · exp(-sharpness · Σ_j weight_j loss_ijc), a pool of the files themselves in which better scores weigh more. The scores then
//     tilt it, to the distribution nearest to that pool (in relative entropy) whose mean losses meet them: a pool again, with other
//     weights. For log loss it is the logarithmic pool, for accuracy a weighted vote.
//  3. Around it the scores of all files are jointly Gaussian in closed form: the classes' variance within rows, wider by a factor for labels that
//     err together (overdispersion); and the draw of the split without replacement, wider by a drift where the parts differ in class shares by
//     more than chance. The four numbers of this [Belief] are found by marginal likelihood, times weak priors; pools of nearly as high a
//     likelihood are averaged. A file without a score is expected to score like the others, as far as these are alike.
//  4. The [Posterior] is the Gaussian given all readings: scores not seen, differences between the parts, class shares, and what each
//     file added, in bits.
//
// The key is in step 3: under a random split public minus private score of a file has mean zero whatever the labels are, and the covariance
// of two files is that of their losses over rows, times 1/public + 1/private rows. So the difference of one file is predicted from those of others.
// What the others leave open is the split's own: on 27 files of one text competition, who knows every class predicts only about 1 % better
// (TestSpookyLimit, TestSpookyBoards).
//
// The package is pure: it opens no file, reads no clock and draws no numbers; equal inputs give equal bits at any number of threads.
package evidence
