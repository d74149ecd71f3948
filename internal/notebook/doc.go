// Package notebook is what the static lbprobe of a bundle does where the rows of a hidden test are: inside the notebook's rerun, where probe.py calls
// it. There it reads a data set of the bundle, the files of the competition and the vectors that a script has made: no experiment file, no run folder.
// A [Rerun] writes one probe:
//
//  1. read the test file, as the data set's manifest says that train was read;
//  2. embed its texts with the frozen embedder, or take the vectors that a script has made of [Rerun.Texts], and hold what embeds against the
//     reference;
//  3. assign every row its topic, by the frozen codebook ([Thaw]);
//  4. count rows by topic and by every other message of the channel ([CountMessages]);
//  5. choose the submission: one prediction for all rows that carries the next part of those counts, or where there is no channel the design's for
//     each topic.
//
// Whatever keeps it from that, from a column that is missing to a file of the data set that is damaged, becomes the level of a fault: a valid submission
// with one prediction for all rows, whose score names the fault. Only where there is no submission at all is there an error.
//
// The same code serves at home, where what it reads is written, and where rows of known labels stand for the hidden ones: what is counted there is what
// will be counted in the rerun. What a rerun reports of the rows are sums ([Reran]), and nothing of any one of them.
package notebook
