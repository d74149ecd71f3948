// Package board is the seam between a probe's file and the leaderboard that scores it: [Board] takes submissions and lists scores,
// as text, the way a competition's page shows them. The boards themselves are the packages below this one; sim plays one with a known truth.
package board

import (
	"context"
	"io"
)

// Board is a leaderboard that takes files.
type Board interface {
	// Submit hands one file in and returns the board's reference to it. An error means that the board did not take it, so nothing was
	// spent; a file that was taken but can't be scored has a [Row] with status [Error].
	Submit(ctx context.Context, s Submission) (ref string, err error)
	// Scores lists every submission so far, the oldest first.
	Scores(ctx context.Context) ([]Row, error)
}

// Submission is a file to be handed in.
type Submission struct {
	Name    string                        // of the file, without folders
	Message string                        // description shown beside the score; holds the probe's tag
	Open    func() (io.ReadCloser, error) // the file's bytes, from the start at every call
}

// Row is one submission as the board lists it. Every field is the board's own text, empty where it shows none: the decimals of
// a score are its precision.
type Row struct {
	Ref         string
	File        string
	Description string
	Time        string
	Status      string // Complete, Error or Pending
	Public      string
	Private     string
	Message     string // what was wrong with the file, where Status is Error
}

// The states of a submission.
const (
	Complete = "COMPLETE"
	Pending  = "PENDING"
	Error    = "ERROR"
)
