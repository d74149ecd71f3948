// Package experiments reads the experiment file: the one place that knows TOML. It answers "what is asked?" with a checked, complete and
// unchanging [Experiment], or with one [fault.Error] that names the file, the line, the key and the change that mends it.
//
// [Load] goes through six steps, and stops at the first fault:
//
//  1. The text is parsed into plain maps, and every key path is given its line (locate.go).
//  2. Every key is looked up, letter by letter, in one table of settings (settings.go), which holds for each key its type, its bounds, its
//     default and the field that it fills. A key that the table does not have is a fault that names the nearest one.
//  3. Keys that have no default are asked for (combine.go).
//  4. Settings that cannot stand together are refused (combine.go), and so are those that this version cannot carry out yet.
//  5. The files that are named must exist (files.go).
//  6. Their first lines must have the columns that the settings speak of (columns.go).
//
// What takes the whole data to see – labels of rows, numbers of rows, ids – is found by later stages; they report it with
// [Experiment.Fault] or the ready checks of facts.go, at the line of the key that is to be changed.
//
// [Experiment.Effective] writes the experiment back, every key with the value that holds; [Init] and [Template] write the first file.
package experiments
