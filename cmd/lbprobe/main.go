// Lbprobe asks a leaderboard which topics are in the private part of a test, and how much of each. See lbprobe --help.
package main

import (
	"os"

	"lbprobe/internal/cli"
)

func main() { os.Exit(cli.Main()) }
