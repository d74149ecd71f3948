// Package pipeline carries an experiment through its stages. Each stage is a method of [Session] that reads what earlier stages left in the
// run folder, calls one pure package, and writes its own files:
//
//  1. [Session.Topics] reads the texts, embeds and clusters them, and gives every train and test row its topic (topics/, corpus/).
//  2. [Session.Plan] says what needs no submission, and what the designs cost (nothing is written).
//  3. [Session.Generate] draws the design and writes the submissions (probes/).
//  4. [Session.Submit] hands them to a simulated board; [Session.Record] takes down the scores of any other (ledger.jsonl).
//  5. [Session.Analyze] decodes what was recorded of the probes, weighs recorded submissions that are none, and writes the report (analysis/).
//
// Where the test is hidden, its rows are seen by a notebook alone. Then Generate writes a bundle instead: a data set (probes/bundle/dataset) and
// probe.py (probes/bundle/kernel), which calls [notebook.Rerun.Write] where the rows are. Submit runs probe.py in an emulated rerun if the board is simulated. Analyze
// reads what a channel has told, or decodes the probes of a lattice; totals that a channel's round told exactly are what the next lattice starts from.
//
// [Session.Run] does all of that can be done now. A stage remembers the hash of what it read, and is skipped while that and its files stand.
// [Session.Rehearse] plays the same stages in a passing folder against a board of known truth. Stages know each other by their files only:
// what is in memory here is gone when the command ends.
package pipeline
