package cli

import (
	"context"
	"os"
	"os/signal"

	"lbprobe/internal/fault"
)

// interruptible is a context that ends with an interrupt, so that the work can tidy up and say how to go on. A second interrupt ends the process at once.
func interruptible(ctx context.Context) (context.Context, func()) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// interrupted is the fault of work that cannot go on where it stopped, once its context has ended.
func interrupted(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &fault.Error{Msg: "interrupted; nothing is written", Fix: "Run it again", Err: err}
	}
	return nil
}
