package backend

// FileCounts counts what Bookring keeps in files on this computer. Of the data of
// the demo and of test servers, only how many there are.
type FileCounts struct {
	Backups, Damaged, Logs int
	// Others are the demo's data and those of test servers that lie beside the
	// real ones and go with them.
	Others int
	// Shared: what all of Bookring's data share, such as what the window's
	// browser engine keeps, goes too, because nobody is left who needs it.
	Shared bool
}

// Leftover is something of Bookring's that could not be removed, or must not
// be.
type Leftover struct {
	Path string
	// InUse: another copy of Bookring has it open.
	InUse bool
}

// ReachableOrganisations is a sign-in and the names of the organisations that Xero counts for
// it, as far as is known.
type ReachableOrganisations struct {
	SignIn        SignIn
	Ended         bool
	Organisations []string
}
