// Command calibrate measures the analysis on simulated competitions and writes docs/calibration.md and its picture, or docs/goals.md. It ends with
// status 1 if a claim of "exact" was wrong.
//
//	go run ./internal/calibrate            # under twenty minutes on two cores
//	go run ./internal/calibrate -short     # under three minutes; writes nothing unless -out is given
//	go run ./internal/calibrate -goals     # ten thousand large competitions of 20 unknowns, a thousand of 40, a hundred of 59: hours
//	go run ./internal/calibrate -scale 20  # twenty times as many competitions
//	go run ./internal/calibrate -only 'cells K=20|K=50'  # the settings so named
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"lbprobe/analysis/calibration"
	"lbprobe/internal/atomicfile"
)

func main() {
	if err := run(os.Stdout, os.Stderr, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

func run(w, progress io.Writer, args []string) error {
	flags := flag.NewFlagSet("calibrate", flag.ContinueOnError)
	short := flags.Bool("short", false, "few competitions")
	goals := flags.Bool("goals", false, "the large competitions alone, as many as the goals name: hours")
	scale := flags.Float64("scale", 1, "multiplies the number of competitions of the long run")
	out := flags.String("out", "", "folder for the page and its picture; nothing is written without it")
	page := flags.String("page", "", "their name there (default calibration, or goals)")
	only := flags.String("only", "", "regular expression of the names of the settings to play")
	threads := flags.Int("threads", runtime.NumCPU(), "worlds at once")
	seed := flags.Uint64("seed", 1, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	catalogue, command, name := calibration.Long(*scale), "make calibrate", "calibration"
	switch {
	case *short:
		catalogue, command = calibration.Short(), "make calibrate CALIBRATE=short"
	case *goals && *scale == 1:
		catalogue, command, name = calibration.Goals(1), "make goals", "goals"
	case *goals:
		catalogue, command, name = calibration.Goals(*scale), fmt.Sprintf("go run ./internal/calibrate -goals -scale %v", *scale), "goals"
	case *scale != 1:
		command = fmt.Sprintf("go run ./internal/calibrate -scale %v", *scale)
	}
	if *only != "" {
		wanted, err := regexp.Compile(*only)
		if err != nil {
			return fmt.Errorf("-only: %w", err)
		}
		catalogue, command = catalogue.Matching(wanted), "go run ./internal/calibrate"+quoted(args)
	}
	start := time.Now()
	report, err := calibration.Run(catalogue, calibration.Options{Seed: *seed, Threads: *threads,
		Clock: func() time.Duration { return time.Since(start) },
		Progress: func(done, all int) {
			fmt.Fprintf(progress, "\r%d of %d worlds, %.0f s ", done, all, time.Since(start).Seconds())
		}})
	fmt.Fprintln(progress)
	if err != nil {
		return err
	}
	return publish(w, report, command, *out, cmp.Or(*page, name))
}

// quoted are arguments as a shell takes them.
func quoted(args []string) (line string) {
	for _, a := range args {
		if strings.ContainsAny(a, " |*?()[]^$") {
			a = "'" + a + "'"
		}
		line += " " + a
	}
	return line
}

// publish prints the figures and writes them to a folder under a name, and says whether a claim was wrong.
func publish(w io.Writer, report *calibration.Report, command, out, name string) error {
	var page, picture bytes.Buffer
	if err := report.Markdown(&page, command, name+".svg"); err != nil {
		return err
	}
	if err := report.SVG(&picture); err != nil {
		return err
	}
	if out != "" {
		if err := atomicfile.WriteBytes(filepath.Join(out, name+".md"), page.Bytes()); err != nil {
			return err
		}
		if err := atomicfile.WriteBytes(filepath.Join(out, name+".svg"), picture.Bytes()); err != nil {
			return err
		}
	}
	if _, err := w.Write(page.Bytes()); err != nil {
		return err
	}
	if _, _, wrong := report.Totals(); len(wrong) > 0 {
		return fmt.Errorf("%d claims of \"exact\" are wrong", len(wrong))
	}
	return nil
}
