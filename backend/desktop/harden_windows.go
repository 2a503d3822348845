package desktop

// forbidCoreDumps has nothing to do: Windows writes dumps of a program only
// where an administrator asked for them.
func forbidCoreDumps() {}
