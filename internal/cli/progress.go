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
	out  io.Writer
	bars *mpb.Progress
	bar  *mpb.Bar
	name string // of the step
	all  int    // its length, where that is known
}

// newProgress returns nil where nobody is watching.
func newProgress(stderr io.Writer) *progress {
	file, ok := stderr.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return &progress{out: stderr, bars: newBars(stderr)}
}

func newBars(out io.Writer) *mpb.Progress { return mpb.New(mpb.WithOutput(out), mpb.WithWidth(1)) }

// step ends the step before and shows the next one, with the time it takes.
func (p *progress) step(name string) {
	if p == nil || p.bars == nil {
		return
	}
	p.end()
	p.name = name
	p.bar = p.bars.New(0, mpb.SpinnerStyle(), mpb.BarRemoveOnComplete(), mpb.AppendDecorators(decor.Name(" "+name+" "), decor.Elapsed(decor.ET_STYLE_GO)))
}

// advance shows how far the step has come, how fast it goes and how much time is left. It may be called from any goroutine, one at a time.
func (p *progress) advance(done, all int) {
	if p == nil || p.bars == nil {
		return
	}
	if p.all != all {
		p.end()
		p.all = all
		p.bar = p.bars.New(int64(all), mpb.BarStyle(), mpb.BarRemoveOnComplete(), mpb.BarWidth(barWidth),
			mpb.PrependDecorators(decor.Name(p.name+" "), decor.CountersNoUnit("%d of %d ")),
			mpb.AppendDecorators(decor.AverageSpeed(0, " %.1f a second, "), decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left")))
	}
	p.bar.SetCurrent(int64(done))
}

// barWidth is in columns, the brackets with them.
const barWidth = 30

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
		p.bar, p.all = nil, 0
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

// resume begins anew after something else was printed. The step that was shown goes on without its name until it advances.
func (p *progress) resume() {
	if p != nil && p.bars == nil {
		p.bars = newBars(p.out)
	}
}
