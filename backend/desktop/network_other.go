//go:build !linux

package desktop

import "context"

// WatchNetwork waits for the end of ctx: Bookring hears of no change on this system, and looks
// for the network once a minute.
func WatchNetwork(ctx context.Context, _ func()) { <-ctx.Done() }
