package backend

import "time"

// Changes is the difference between Xero's list and the register.
type Changes struct {
	// Added are organisations new to the register. Reconnected were removed,
	// disconnected or without a living sign-in. AlreadyConnected were connected already.
	Added, Reconnected, AlreadyConnected []Organisation
	// Removed were connected through the sign-in and are no longer listed.
	Removed []Organisation
	// Total counts all connected organisations after the changes.
	Total int
}

// Outcome is the result of one round through the browser.
type Outcome struct {
	SignIn SignIn
	Changes
	// Others are connections of another type than an organisation, such as a practice.
	Others []Connection
	// Expected is set if another person than the expected person signed in.
	Expected *Expected
	// ClockSkew is the [Grant]'s.
	ClockSkew time.Duration
	// Part tells how much of Xero's list was understood.
	Part
}

// Expected is the expected person of a round in which another person signed
// in. The round does not change the expected person's sign-in.
type Expected struct {
	SignIn SignIn
	// Asked reports that the user started the round for the expected person.
	// Otherwise the expected person is the last to have signed in, and the
	// difference is no fault.
	Asked bool
	// Reconnected counts the expected person's organisations that the other sign-in
	// has connected again, Unreached the organisations still without a sign-in.
	Reconnected, Unreached int
}

// Missed reports whether the user asked for the expected person and a sign-in as
// the expected person is still needed.
func (e *Expected) Missed() bool {
	return e != nil && e.Asked && (e.Unreached > 0 || e.Reconnected == 0)
}

// End is the end of a round: either an outcome or a failure. Pending: after the failure
// Bookring goes on reading what Xero has connected.
type End struct {
	Outcome *Outcome
	Failure *Failure
	Pending bool
}

// CheckResult is the result of recording a check of one sign-in.
type CheckResult struct {
	// Superseded: nothing was recorded, because a newer list or a new sign-in came
	// meanwhile, or because the register could not be read.
	Superseded bool
	// Ended: the sign-in was recorded as ended.
	Ended bool
	// Failure prevented the reading or recording of Xero's list, or is nil. With
	// XeroPartlyRead the understood part of the list was recorded.
	Failure *Failure
}
