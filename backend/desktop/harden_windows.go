package desktop

// forbidCoreDumps does nothing: Windows writes dumps of a program only on an
// administrator's request.
func forbidCoreDumps() {}
