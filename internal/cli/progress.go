package cli

import (
	"io"
	"os"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// progress shows on a terminal which step is at work. In a pipe it shows nothing. The nil progress is one that shows nothing, too.
type progress struct {
	bars *mpb.Progress
	bar  *mpb.Bar
}

// newProgress returns nil where nobody is watching.
func newProgress(stderr io.Writer) *progress {
	file, ok := stderr.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return &progress{bars: mpb.New(mpb.WithOutput(stderr), mpb.WithWidth(1))}
}

// step ends the step before and shows the next one, with the time it takes.
func (p *progress) step(name string) {
	if p == nil || p.bars == nil {
		return
	}
	p.end()
	p.bar = p.bars.New(0, mpb.SpinnerStyle(), mpb.BarRemoveOnComplete(), mpb.AppendDecorators(decor.Name(" "+name+" "), decor.Elapsed(decor.ET_STYLE_GO)))
}

// measure shows a step whose size in bytes is known, once reached has told it: how far it is, how fast, and how long it will take.
func (p *progress) measure(name string) {
	if p == nil || p.bars == nil {
		return
	}
	p.end()
	p.bar = p.bars.New(0, mpb.BarStyle(), mpb.BarRemoveOnComplete(), mpb.BarWidth(32),
		mpb.PrependDecorators(decor.Name(name+" "), decor.Percentage()),
		mpb.AppendDecorators(decor.AverageSpeed(decor.SizeB1000(0), "% .1f"), decor.Name(", "), decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left")))
}

// reached tells how many bytes are done, and of how many.
func (p *progress) reached(done, total int64) {
	if p == nil || p.bar == nil {
		return
	}
	p.bar.SetTotal(total, false)
	p.bar.SetCurrent(min(done, total-1)) // the end is told by the next step
}

// end removes the step that is shown.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.SetTotal(-1, true)
		p.bar = nil
	}
}

// stop clears the line, before anything else is printed.
func (p *progress) stop() {
	if p == nil || p.bars == nil {
		return
	}
	p.end()
	p.bars.Wait()
	p.bars = nil
}
