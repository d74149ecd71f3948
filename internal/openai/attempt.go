package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Bounds of what an endpoint may do to us.
const (
	longestBody = 64 << 20         // bytes of a reply
	longestWait = 10 * time.Minute // that an endpoint may ask for
	mostBackoff = time.Minute
)

// StatusError is the refusal of an endpoint.
type StatusError struct {
	Status  int    // of HTTP
	Code    string // of the endpoint, such as insufficient_quota; may be empty
	Message string // of the endpoint, one line, without the key
	after   time.Duration
}

// Error says what the endpoint has said.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("the endpoint says %d %s", e.Status, http.StatusText(e.Status))
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// passing tells that the same question may be answered later.
func (e *StatusError) passing() bool {
	switch e.Status {
	case http.StatusTooManyRequests:
		return e.Code != "insufficient_quota" // there is no money left at the endpoint: no waiting helps
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly:
		return true
	}
	return e.Status >= 500 && e.Status != http.StatusNotImplemented
}

// Hopeless tells that no other question will fare better: the key, the address or the model is wrong, the money is spent, the work was
// stopped, or the disk does not take replies.
func Hopeless(err error) bool {
	var status *StatusError
	if errors.As(err, &status) {
		switch status.Status {
		case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed:
			return true
		}
		return status.Status/100 == 3 || status.Code == "insufficient_quota"
	}
	var disk *CacheError
	return errors.Is(err, ErrBudget) || errors.Is(err, context.Canceled) || errors.As(err, &disk)
}

// lostError is an attempt of which nobody knows what it has cost: it was sent, and no whole reply came back.
type lostError struct{ err error }

func (e *lostError) Error() string { return e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// patience says whether to try again, and after which time: what the endpoint asks for, else a time drawn from the upper half of a
// range that doubles with every attempt, so that clients that failed together do not come back together.
func (c *Client) patience(err error, attempt int) (wait time.Duration, again bool) {
	var status *StatusError
	if errors.As(err, &status) && (!status.passing() || status.after > longestWait) || attempt >= c.o.Attempts {
		return 0, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	longest := min(mostBackoff, c.o.Backoff<<min(attempt-1, 20))
	wait = longest/2 + time.Duration(c.random.Int64N(int64(longest/2)+1))
	if status != nil && status.after > 0 {
		wait += status.after
		if until := time.Now().Add(status.after); until.After(c.quiet) {
			c.quiet = until // every other question waits, too
		}
	}
	return wait, true
}

// sleep waits, unless the work is stopped.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// attempt sends a question once.
func (c *Client) attempt(ctx context.Context, q question) (reply any, usage *Usage, err error) {
	c.mu.Lock()
	quiet := time.Until(c.quiet)
	c.mu.Unlock()
	if err := sleep(ctx, max(0, quiet)); err != nil {
		return nil, nil, err
	}
	if err := c.limit.Wait(ctx); err != nil {
		return nil, nil, err
	}
	ctx, stop := context.WithTimeout(ctx, c.o.Timeout)
	defer stop()
	body, err := c.send(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	reply, usage, err = q.read(body)
	if err != nil {
		return nil, nil, &lostError{fmt.Errorf("the reply of the endpoint cannot be read: %w", err)}
	}
	return reply, usage, nil
}

// send returns the body of a reply of status 200, without the key.
func (c *Client) send(ctx context.Context, q question) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.o.URL+q.path, bytes.NewReader(q.body))
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if c.o.Key != "" {
		request.Header.Set("Authorization", "Bearer "+c.o.Key)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.unsent(ctx, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, longestBody+1))
	switch {
	case response.StatusCode != http.StatusOK:
		return nil, c.refusal(response, body)
	case err != nil:
		return nil, &lostError{c.plain(ctx, "the connection broke in the middle of a reply", err)}
	case len(body) > longestBody:
		return nil, &lostError{fmt.Errorf("a reply is longer than %d MiB", longestBody>>20)}
	}
	return []byte(c.secret.Replace(string(body))), nil
}

// unsent is the error of a question without a reply. Where there was no connection, nothing can have been charged.
func (c *Client) unsent(ctx context.Context, err error) error {
	told := c.plain(ctx, "no reply from the endpoint", err)
	if op := (*net.OpError)(nil); errors.As(err, &op) && op.Op == "dial" {
		return told
	}
	return &lostError{told}
}

// plain leaves out what net/http says of the request, and the key.
func (c *Client) plain(ctx context.Context, what string, err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%s within %s", what, c.o.Timeout)
	}
	return fmt.Errorf("%s: %s", what, oneLine(c.secret.Replace(err.Error())))
}

// refusal reads what an endpoint says instead of a reply.
func (c *Client) refusal(response *http.Response, body []byte) error {
	e := &StatusError{Status: response.StatusCode, after: retryAfter(response.Header, time.Now())}
	var told struct {
		Error struct {
			Message string `json:"message"`
			Code    any    `json:"code"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &told) == nil {
		e.Message = oneLine(c.secret.Replace(told.Error.Message))
		e.Code, _ = told.Error.Code.(string)
	}
	return e
}

// retryAfter reads the header of that name: seconds, or a date. 0 is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(text, 64); err == nil {
		if s > 0 && s < math.MaxInt32 {
			return time.Duration(s * float64(time.Second))
		}
		return 0
	}
	if at, err := http.ParseTime(text); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
