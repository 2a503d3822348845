package backend

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// ErrPanic is in the chain of a failure made of a panic.
var ErrPanic = errors.New("panic")

// mostFrames is the number of functions named for a panic.
const mostFrames = 12

// Panicked makes a failure of the value of a recovered panic, for a deferred function. The
// cause names the functions of this program on the stack. The cause holds the text of a
// runtime error only, because another value can hold a secret.
func Panicked(value any) *Failure {
	what := fmt.Sprintf("%T", value)
	if err, ok := value.(runtime.Error); ok {
		what = err.Error()
	}
	return Fail(Unexpected, "", fmt.Errorf("%w: %s%s", ErrPanic, what, stack()))
}

// stack names the functions of this program on the stack, the innermost first.
func stack() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	var names []string
	for len(names) < mostFrames {
		frame, more := frames.Next()
		if name, ours := strings.CutPrefix(frame.Function, "bookring/"); ours || strings.HasPrefix(frame.Function, "main.") {
			names = append(names, fmt.Sprintf("%s %s:%d", filepath.Base(name), filepath.Base(frame.File), frame.Line))
		}
		if !more {
			break
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " in " + strings.Join(names, ", ")
}
