// Package corpus streams the texts of an experiment, and the classes of its labelled rows, out of CSV, JSONL and Parquet files, and profiles the
// conversations in them.
//
// The flow:
//
//  1. [ReadFiles] opens every file, tells its format and finds the columns asked for. A wrong name is told here, before any row is read.
//  2. [Reader.Rows] goes through the files once, in order. A row that cannot be read ends the pass with an error that names file and
//     line; with [Options.SkipBad] it is left out and listed in [Reader.Faults]. Nothing else changes or drops a row.
//  3. [Profiler.Add] counts each row and says whether the [Filter] keeps it: a [Sieve] asks length, quality, personal data and duplicates in this order, by
//     the packages of those names. Rows that the filter drops are still rows: the caller decides what they are left out of.
//  4. [Profiler.Profile] and [Profiler.WriteDropped] are profile.json and dropped.csv.
//
// For a whole file of conversations, answers, models and languages included, the flow is shorter:
//
//  1. ReadFiles with [Options.Whole] finds what columns there are; only that of the text must be.
//  2. [Reader.Conversations] goes through them.
//  3. [Survey] walks through them and measures on several goroutines. Its [Profile] has [Statistics], which [Profile.Text], [Profile.Markdown] and
//     [Profile.CSV] print.
//
// [Clean] applies a filter to a file: what stays is copied byte for byte.
//
// [Sniff] looks at a file of which nothing is known yet.
//
// A pass holds one record and the set of ids seen so far: about 75 bytes a row for ids of 10 characters (BenchmarkIDs measures it). The ids
// are shared with the rows' own, so a caller that keeps them does not pay for their letters twice. Texts are copies and pin nothing else.
package corpus
