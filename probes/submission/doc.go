// Package submission turns the rows of a design into what is uploaded:
//
//  1. [Template] holds what all probes of a static test share: columns, ids and the topic of every test row. [Template.Write] writes one
//     probe's CSV, [Template.Entry] also hashes it and makes its tag.
//  2. [Manifest] lists the files of a design with their hashes and tags, so that a score can be matched to the bytes that earned it.
//  3. [Next] says in NEXT.md what to upload today and how to record the scores.
//
// The package writes to io.Writers only; where files lie, and that they are written whole or not at all, is the caller's business.
package submission
