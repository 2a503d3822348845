package backend

// FileCounts counts Bookring's files on this computer.
type FileCounts struct {
	Backups, Damaged, Logs int
	// Others counts the data folders of the demo and of test servers.
	Others int
	// Shared reports that a removal also deletes files that all data folders
	// share, such as the cache of the window's browser engine. Shared is true
	// if no other data folder remains.
	Shared bool
}

// Leftover is a file or a folder of Bookring left by a removal: not deletable, or open in
// another copy.
type Leftover struct {
	Path string
	// InUse reports that another copy of Bookring has the file open.
	InUse bool
}

// ReachableOrganisations is a sign-in with the names of the organisations that
// Xero counts for the sign-in, as far as the register knows.
type ReachableOrganisations struct {
	SignIn        SignIn
	Ended         bool
	Organisations []string
}
