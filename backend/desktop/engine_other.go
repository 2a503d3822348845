//go:build !linux

package desktop

// endEngine has nothing to do: the engine's processes end with the window, and
// what they have open until then is asked for again.
func endEngine() {}
