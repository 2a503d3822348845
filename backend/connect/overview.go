package connect

import (
	"context"
	"encoding/json"
	"time"

	"bookring/backend"
)

// Overview is all that the window shows but the rows of the list. It holds
// strings, numbers and booleans only, because that is what crosses to the
// window unharmed, and never a token, a state or a link.
type Overview struct {
	// Demo: everything here is made up. TestServer is the address of a test
	// server, or "". Both have a standing banner.
	Demo       bool   `json:"demo"`
	TestServer string `json:"testServer"`
	// ClientID is the one in use, or "". ClientIDFrom says where it is from:
	// settings, environment, built-in or demo. What is from the environment or
	// the demo cannot be changed in the window.
	ClientID     string `json:"clientID"`
	ClientIDFrom string `json:"clientIDFrom"`
	// RedirectAddresses are what the Xero app must list.
	RedirectAddresses []string `json:"redirectAddresses"`
	// System is windows, darwin or linux: it names the password store.
	System     string `json:"system"`
	DataFolder string `json:"dataFolder"`
	Version    string `json:"version"`
	// Commit is what the program was built from, or unknown.
	Commit string `json:"commit"`
	// CheckedAt (RFC 3339) is when the list as a whole was last compared with
	// Xero's, or "": the oldest of the times that its sign-ins have.
	CheckedAt string `json:"checkedAt"`
	// CheckEvery is how often Bookring checks by itself: hour, four-hours, day or
	// week.
	CheckEvery string `json:"checkEvery"`
	// SessionOnly: new sign-ins end with the program. Standing banner.
	SessionOnly bool `json:"sessionOnly"`
	// KeychainWaiting: the computer's password store is asking the person
	// something, or is slow.
	KeychainWaiting bool `json:"keychainWaiting"`
	// Unsaved: a sign-in was renewed, and the password store does not take the
	// new key. Standing banner: the program must not be closed.
	Unsaved bool `json:"unsaved"`
	// UnsavedOf names the people whose new keys are not in the password store, or
	// are just being saved. Closing is saving or asking if the program was to be
	// closed meanwhile, or "".
	UnsavedOf []string `json:"unsavedOf"`
	Closing   string   `json:"closing"`
	// Unwritten is why nothing can be written down, or nil. Standing banner.
	Unwritten *Failed `json:"unwritten"`
	// OnlyRead: nothing will be written until the next start.
	OnlyRead bool `json:"onlyRead"`
	// Recovery is what became of a list that was lost, or nil.
	Recovery *Recovery `json:"recovery"`
	// Network: the data folder is not on a disk of this computer.
	Network bool `json:"network"`
	// Total counts the organisations, Attention those that need a
	// person.
	Total     int `json:"total"`
	Attention int `json:"attention"`
	// SignIns counts the sign-ins, those that have ended too. Ending are those
	// that end soon, the first one first.
	SignIns int          `json:"signIns"`
	Ending  []EndingSoon `json:"ending"`
	// Counts says of each status that any organisation has how many have it;
	// Repairs is the repair plan, the sign-in that repairs most first.
	Counts  []Count  `json:"counts"`
	Repairs []Repair `json:"repairs"`
	// Revision moves when any row may have changed.
	Revision int      `json:"revision"`
	SignIn   Progress `json:"signIn"`
	Check    Check    `json:"check"`
	Removal  Removal  `json:"removal"`
	// Broken is why the program cannot work at all, or nil.
	Broken *Failed `json:"broken"`
}

// Check is a check as it goes on, counted in sign-ins, and what comes after it.
type Check struct {
	Running bool    `json:"running"`
	Done    int     `json:"done"`
	Total   int     `json:"total"`
	Details Reading `json:"details"`
	// TriedAt (RFC 3339) is when something last kept Xero from being asked, or ""
	// if nothing has since the program began.
	TriedAt string `json:"triedAt"`
	// LimitUntil (RFC 3339) is when a limit of Xero's for the whole app ends, or
	// "": nothing is asked before.
	LimitUntil string `json:"limitUntil"`
}

// Reading is the reading of details as it goes on, counted in organisations.
type Reading struct {
	Running bool `json:"running"`
	Done    int  `json:"done"`
	Total   int  `json:"total"`
}

// The phases of a sign-in, as they follow each other. After idle comes opening.
const (
	PhaseIdle    = "idle"
	PhaseOpening = "opening" // the keychain is tried, the way back is opened
	PhaseWaiting = "waiting" // the person is in the browser
	PhaseReading = "reading" // the answer is here; Bookring reads what was connected
	PhaseDone    = "done"
	PhaseFailed  = "failed"
)

// Progress is the sign-in as it happens.
type Progress struct {
	// Number counts attempts, so that a new end is told from the last one.
	Number int    `json:"number"`
	Phase  string `json:"phase"`
	// Deadline (RFC 3339) is when the waiting ends by itself.
	Deadline string `json:"deadline"`
	// BrowserFailed: the browser did not open; the link must be copied.
	BrowserFailed bool `json:"browserFailed"`
	// Asked names the person who shall sign in, or is "".
	Asked string `json:"asked"`
	// Connected is set in the phase done, Failed in the phase failed.
	Connected *Connected `json:"connected"`
	Failed    *Failed    `json:"failed"`
}

// Failed is a [backend.Failure] for the window.
type Failed struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Overview returns what the window shows besides the rows.
func (c *Connector) Overview(ctx context.Context) (Overview, error) {
	if c.Removed() {
		return c.afterwards(), nil
	}
	counts, err := c.Register.Counts(ctx)
	if err != nil {
		return Overview{}, err
	}
	o := c.Facts
	o.count(counts)
	if o.Repairs, err = c.repairs(ctx); err != nil {
		return Overview{}, err
	}
	if o.ClientID, o.ClientIDFrom, err = c.clientID(ctx); err != nil {
		return Overview{}, err
	}
	if o.Recovery, err = c.recovery(ctx); err != nil {
		return Overview{}, err
	}
	if o.CheckEvery, err = c.checkSetting(ctx); err != nil {
		return Overview{}, err
	}
	signIns, err := c.Register.AllSignIns(ctx)
	if err != nil {
		return Overview{}, err
	}
	o.SignIns, o.Ending, o.CheckedAt = len(signIns), endingSoon(signIns, c.Now()), stamp(checkedAt(signIns))
	o.Unwritten, o.OnlyRead = ForWindow(c.Register.Unwritten()), c.Opening.ReadOnly != nil
	o.Network = c.Opening.Network
	c.mu.Lock()
	defer c.mu.Unlock()
	o.SessionOnly, o.KeychainWaiting, o.Check = c.sessionOnly, c.keychainWaiting, c.check
	o.Unsaved, o.UnsavedOf, o.Closing = c.unsaved.late(), c.unsavedOf(signIns), c.closing.phase
	o.Check.LimitUntil, o.Check.TriedAt = stamp(c.limitUntil(c.Now())), stamp(c.triedAt)
	o.Removal = c.removal.forWindow()
	o.Revision, o.SignIn = c.revision, Progress{Phase: PhaseIdle}
	if c.shown != nil {
		o.SignIn = c.shown.progress
	}
	return o, nil
}

// Broken is the overview of a program that cannot work at all.
func Broken(f *backend.Failure, version string) Overview {
	return Overview{
		Version: version, RedirectAddresses: []string{}, UnsavedOf: []string{}, Ending: []EndingSoon{}, Counts: []Count{}, Repairs: []Repair{},
		SignIn: Progress{Phase: PhaseIdle}, Removal: Removal{Untold: []Untold{}, Stuck: []Stuck{}}, Broken: ForWindow(f),
	}
}

// checkedAt returns since when the list as a whole is known: the oldest check of
// a sign-in that lives, or the newest if none does.
func checkedAt(signIns []backend.SignIn) (at time.Time) {
	var newest time.Time
	for _, s := range signIns {
		if s.CheckedAt.After(newest) {
			newest = s.CheckedAt
		}
		if s.EndedAt.IsZero() && !s.CheckedAt.IsZero() && (at.IsZero() || s.CheckedAt.Before(at)) {
			at = s.CheckedAt
		}
	}
	if at.IsZero() {
		return newest
	}
	return at
}

// ForWindow formats a failure for the window; nil stays nil.
func ForWindow(f *backend.Failure) *Failed {
	if f == nil {
		return nil
	}
	return &Failed{Code: string(f.Code), Detail: f.Detail}
}

// FormatError is how a failure crosses to the window: JSON in a string, because
// Wails loses objects.
func FormatError(err error) any {
	text, _ := json.Marshal(ForWindow(backend.AsFailure(err))) // two strings
	return string(text)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
