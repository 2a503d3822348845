// Package view holds the data for the window, and their formatters. The data are strings,
// numbers and booleans only, because Wails carries only those to the window unharmed. Times
// are RFC 3339 strings in UTC, "" for an unknown time. No data hold a token, a state or a
// link.
package view

import (
	"encoding/json"
	"time"

	"bookring/backend"
)

// Overview is everything in the window except the rows of the list.
type Overview struct {
	// Demo: all data are made up. TestServer is the address of a test server, or "".
	Demo       bool   `json:"demo"`
	TestServer string `json:"testServer"`
	// ClientID is the client ID in use, or "". ClientIDFrom is its source: settings,
	// environment, built-in or demo. The user can change the first and the third.
	ClientID     string `json:"clientID"`
	ClientIDFrom string `json:"clientIDFrom"`
	// RedirectAddresses are the redirect addresses of the Xero app.
	RedirectAddresses []string `json:"redirectAddresses"`
	// System is windows, darwin or linux.
	System     string `json:"system"`
	DataFolder string `json:"dataFolder"`
	Version    string `json:"version"`
	Commit     string `json:"commit"`
	// CheckedAt is the oldest check among the living sign-ins.
	CheckedAt string `json:"checkedAt"`
	// CheckEvery is the checking interval: hour, four-hours, day or week.
	CheckEvery string `json:"checkEvery"`
	// SessionOnly: new sign-ins end with the program.
	SessionOnly bool `json:"sessionOnly"`
	// KeychainWaiting: the keychain shows a prompt, or is slow.
	KeychainWaiting bool `json:"keychainWaiting"`
	// Faults counts the parts of the background work that ended with a panic since the start.
	Faults int `json:"faults"`
	// Unsaved: the keychain has refused a renewed credential. UnsavedOf names the people
	// with an unsaved credential. Closing is saving or asking while the program waits for
	// them to close, or "".
	Unsaved   bool     `json:"unsaved"`
	UnsavedOf []string `json:"unsavedOf"`
	Closing   string   `json:"closing"`
	// WriteFailure is the failure of the last write to the register, or nil. ReadOnly: the
	// register is read-only until the next start.
	WriteFailure *Failed `json:"writeFailure"`
	ReadOnly     bool    `json:"readOnly"`
	// Recovery tells what became of a lost list, or is nil.
	Recovery *Recovery `json:"recovery"`
	// Network: the data folder is on a network disk.
	Network bool `json:"network"`
	// Total counts the organisations, Attention the ones in need of a person.
	Total     int `json:"total"`
	Attention int `json:"attention"`
	// SignIns counts the sign-ins, ended ones too. Ending holds the sign-ins near expiry,
	// the first expiry first.
	SignIns    int          `json:"signIns"`
	NearExpiry []NearExpiry `json:"nearExpiry"`
	// Counts counts the organisations of each status in use. Repairs is the repair plan,
	// the most useful sign-in first.
	Counts  []Count  `json:"counts"`
	Repairs []Repair `json:"repairs"`
	// Revision grows when rows of the list may have changed.
	Revision int      `json:"revision"`
	SignIn   Progress `json:"signIn"`
	Check    Check    `json:"check"`
	Removal  Removal  `json:"removal"`
	// Broken is the failure of the program's start, or nil.
	Broken *Failed `json:"broken"`
}

// Check is a check as it goes on, counted in sign-ins, and the reading of details.
type Check struct {
	Running bool    `json:"running"`
	Done    int     `json:"done"`
	Total   int     `json:"total"`
	Details Reading `json:"details"`
	// TriedAt is the time of the last failed check since the program's start.
	TriedAt string `json:"triedAt"`
	// LimitUntil is the end of a limit of the whole app.
	LimitUntil string `json:"limitUntil"`
	// Parts are the lists of Xero's that were not understood whole.
	Parts []Part `json:"parts"`
	// Slow names the people whose sign-in waits for an answer of Xero's.
	Slow []string `json:"slow"`
	// Unread counts the connected organisations whose details were asked for by the last Check now
	// and are not read yet.
	Unread int `json:"unread"`
}

// Part tells how much of a sign-in's list was understood; see [backend.Part]. All numbers
// are 0 until the first check after the program's start.
type Part struct {
	SignIn  string `json:"signIn"`
	Entries int    `json:"entries"`
	Odd     int    `json:"odd"`
	Cut     bool   `json:"cut"`
}

// PartOf formats the part of the list of a sign-in.
func PartOf(s backend.SignIn, p backend.Part) Part {
	return Part{SignIn: s.Name, Entries: p.Entries, Odd: p.Odd, Cut: p.Cut}
}

// Reading is the reading of details as it goes on, counted in organisations.
type Reading struct {
	Running bool `json:"running"`
	Done    int  `json:"done"`
	Total   int  `json:"total"`
}

// Progress is a sign-in as it goes on. Number counts the sign-ins shown. Phase is a phase
// of package rounds.
type Progress struct {
	Number   int    `json:"number"`
	Phase    string `json:"phase"`
	Deadline string `json:"deadline"`
	// BrowserFailed: the browser did not open; the user must copy the link.
	BrowserFailed bool `json:"browserFailed"`
	// Expected names the expected person, or is "".
	Expected string `json:"expected"`
	// Connected is set in the phase done, Failed in the phase failed.
	Connected *Connected `json:"connected"`
	Failed    *Failed    `json:"failed"`
	// Pending counts the grants that Bookring goes on recording after a failure, Unsaved those
	// of them that the keychain has not saved.
	Pending int  `json:"pending"`
	Unsaved int  `json:"unsaved"`
	Late    Late `json:"late"`
}

// Late is the last end that came after the window showed the sign-in; see rounds.Late.
type Late struct {
	Number    int        `json:"number"`
	Connected *Connected `json:"connected"`
	Failed    *Failed    `json:"failed"`
}

// Recovery tells what became of a lost list; see the fields of recovery.Notice.
type Recovery struct {
	Lost          bool   `json:"lost"`
	DamagedFolder string `json:"damagedFolder"` // the folder with the damaged database
	BackupAt      string `json:"backupAt"`
	SignIns       int    `json:"signIns"`
	KeychainRead  bool   `json:"keychainRead"`
	Checked       int    `json:"checked"`
	Unchecked     bool   `json:"unchecked"`
}

// Failed is a [backend.Failure].
type Failed struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Failure formats a failure; nil stays nil.
func Failure(f *backend.Failure) *Failed {
	if f == nil {
		return nil
	}
	return &Failed{Code: string(f.Code), Detail: f.Detail}
}

// FormatError formats an error as JSON in a string, because Wails loses objects.
func FormatError(err error) any {
	text, _ := json.Marshal(Failure(backend.AsFailure(err))) // two strings
	return string(text)
}

// Stamp formats a time.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Texts returns texts as a slice that is never nil: the window expects an array.
func Texts(texts []string) []string { return append([]string{}, texts...) }

// Broken is the overview of a program without a working start.
func Broken(f *backend.Failure, version string) Overview {
	return Overview{Version: version, Broken: Failure(f)}.Complete()
}

// Complete replaces nil slices and an empty phase by the values for the window.
func (o Overview) Complete() Overview {
	o.RedirectAddresses, o.UnsavedOf = Texts(o.RedirectAddresses), Texts(o.UnsavedOf)
	o.NearExpiry, o.Counts = append([]NearExpiry{}, o.NearExpiry...), append([]Count{}, o.Counts...)
	o.Repairs = append([]Repair{}, o.Repairs...)
	o.Check.Parts, o.Check.Slow = append([]Part{}, o.Check.Parts...), Texts(o.Check.Slow)
	o.Removal.StillConnected = append([]StillConnected{}, o.Removal.StillConnected...)
	o.Removal.Undeleted = append([]UndeletedCredential{}, o.Removal.Undeleted...)
	if o.SignIn.Phase == "" {
		o.SignIn.Phase = "idle"
	}
	return o
}
