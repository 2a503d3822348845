package connect

import (
	"context"
	"sync"
	"time"
)

// work is all that a Connector has under way. Every piece has a context that
// Close ends, and Close waits for every piece. The zero value is ready.
type work struct {
	mu       sync.Mutex
	closed   bool
	closedAt time.Time
	number   int
	cancels  map[int]context.CancelFunc
	running  sync.WaitGroup
}

// begin begins a piece of work, unless it is too late. Its context ends with
// parent and with close. Whoever begins must call done.
func (w *work) begin(parent context.Context) (ctx context.Context, done func(), begun bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, nil, false
	}
	ctx, cancel := context.WithCancel(parent)
	if w.cancels == nil {
		w.cancels = map[int]context.CancelFunc{}
	}
	w.number++
	number := w.number
	w.cancels[number] = cancel
	w.running.Add(1)
	return ctx, func() {
		cancel()
		w.mu.Lock()
		delete(w.cancels, number)
		w.mu.Unlock()
		w.running.Done()
	}, true
}

// spawn runs a piece of work beside its caller, unless it is too late.
func (w *work) spawn(parent context.Context, piece func(ctx context.Context)) {
	ctx, done, begun := w.begin(parent)
	if !begun {
		return
	}
	go func() {
		defer done()
		piece(ctx)
	}()
}

// close ends what is under way, returns when it is over, and lets nothing more
// begin.
func (w *work) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed, w.closedAt = true, time.Now()
	}
	for _, cancel := range w.cancels {
		cancel()
	}
	w.mu.Unlock()
	w.running.Wait()
}

// lastMoments is how long is waited for what must not be cut short if it can be
// helped, by close for all of that together.
var lastMoments = 5 * time.Second

// reprieve returns a context that outlives ctx by the last moments. If it was
// close that ended ctx, they count from there. Whoever asks must release.
func (w *work) reprieve(ctx context.Context) (longer context.Context, release func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		left := lastMoments
		if w.closed {
			left = time.Until(w.closedAt.Add(lastMoments))
		}
		time.AfterFunc(left, cancel)
	})
	return longer, func() { stop(); cancel() }
}
