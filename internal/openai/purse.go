package openai

import (
	"context"
	"errors"
	"sync"
)

// ErrBudget is the error of a question that the budget does not allow.
var ErrBudget = errors.New("the budget does not allow another question")

// purse keeps the spending within the budget, in US dollars.
type purse struct {
	mu              sync.Mutex
	change          chan struct{} // closed and renewed whenever money comes free
	budget          float64
	spent, reserved float64
}

func newPurse(budget, spent float64) *purse {
	return &purse{budget: budget, spent: spent, change: make(chan struct{})}
}

// reserve sets money aside. Where it is short only because of what is set aside for questions in flight, it waits for their replies, which cost
// less than feared.
func (p *purse) reserve(ctx context.Context, usd float64) error {
	for {
		p.mu.Lock()
		if p.spent+p.reserved+usd <= p.budget {
			p.reserved += usd
			p.mu.Unlock()
			return ctx.Err()
		}
		hope := p.reserved > 0 && p.spent+usd <= p.budget
		change := p.change
		p.mu.Unlock()
		if !hope {
			return ErrBudget
		}
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// settle turns a reservation into what was paid.
func (p *purse) settle(reserved, paid float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reserved -= reserved
	p.spent += paid
	close(p.change)
	p.change = make(chan struct{})
}

func (p *purse) total() float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.spent
}
