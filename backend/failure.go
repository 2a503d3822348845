package backend

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code names a failure. The list is closed: failures.json holds a title, a
// sentence and one action for each, and both the window and the pages in the
// browser read their words there.
type Code string

// The codes, in the order in which a sign-in can meet them.
const (
	NoClientID         Code = "no-client-id"
	MalformedClientID  Code = "client-id-malformed"
	NotLoopback        Code = "test-server-not-local"
	KeychainMissing    Code = "keychain-missing"
	KeychainLocked     Code = "keychain-locked"
	KeychainDismissed  Code = "keychain-dismissed"
	KeychainStuck      Code = "keychain-stuck"
	KeychainTooBig     Code = "keychain-too-big"
	KeychainDamaged    Code = "keychain-damaged"
	KeychainFailed     Code = "keychain-failed"
	PortsMalformed     Code = "ports-malformed"
	PortsTaken         Code = "ports-taken"
	TooManySignIns     Code = "too-many-sign-ins"
	BrowserNotOpened   Code = "browser-not-opened"
	PageNotOpened      Code = "page-not-opened"
	NothingWaits       Code = "nothing-waits"
	SignInTimeout      Code = "sign-in-timeout"
	Cancelled          Code = "cancelled"
	CancelledLate      Code = "cancelled-late"
	Refused            Code = "refused"
	RequestRefused     Code = "request-refused"
	PastedNotOurs      Code = "pasted-not-ours"
	PastedEmpty        Code = "pasted-empty"
	Offline            Code = "offline"
	NetworkSignIn      Code = "network-sign-in"
	CodeRefused        Code = "code-refused"
	ClientIDRefused    Code = "client-id-refused"
	ScopeRefused       Code = "scope-refused"
	XeroRefusedRequest Code = "xero-bad-request"
	XeroUnauthorised   Code = "xero-unauthorised"
	XeroForbidden      Code = "xero-forbidden"
	XeroNotFound       Code = "xero-not-found"
	XeroRateLimit      Code = "xero-rate-limit"
	XeroError          Code = "xero-error"
	XeroUnavailable    Code = "xero-unavailable"
	XeroUnreadable     Code = "xero-unreadable"
	IdentityInvalid    Code = "identity-invalid"
	ClockWrong         Code = "clock-wrong"
	NoOrganisation     Code = "no-organisation"
	SignInEnded        Code = "sign-in-ended"
	SignInBusy         Code = "sign-in-busy"
	RenewalUnsaved     Code = "renewal-unsaved"
	FileNotSaved       Code = "file-not-saved"
	AlreadyRunning     Code = "already-running"
	DatabaseNewer      Code = "database-newer"
	DatabaseDamaged    Code = "database-damaged"
	DatabaseReadOnly   Code = "database-read-only"
	DatabaseFull       Code = "database-full"
	DatabaseBusy       Code = "database-busy"
	DatabaseFailed     Code = "database-failed"
	DataFolderFailed   Code = "data-folder-failed"
	Unexpected         Code = "unexpected"
)

// Failure is something that went wrong, decided: a code, a fact to show with
// it, and the error behind it for the log. No field ever holds a secret.
type Failure struct {
	Code Code
	// Detail is what the words leave open as {detail}: the ports that are
	// taken, the part of the sign-in that was offline, the claim that was
	// wrong. Never text from Xero.
	Detail string
	Err    error
	// Again is when Xero lets itself be asked again, for [XeroRateLimit];
	// otherwise zero.
	Again time.Time
	// OneOrganisation: that limit is the organisation's that was asked about, and
	// not the whole app's.
	OneOrganisation bool
}

// Fail returns a Failure with a code, a detail (may be empty) and the error
// behind it (may be nil).
func Fail(code Code, detail string, err error) *Failure {
	return &Failure{Code: code, Detail: detail, Err: err}
}

// Error says the code and what is behind it.
func (f *Failure) Error() string {
	s := string(f.Code)
	if f.Detail != "" {
		s += " (" + f.Detail + ")"
	}
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

// Unwrap returns the error behind the failure.
func (f *Failure) Unwrap() error { return f.Err }

// AsFailure returns the Failure in err's chain, or an [Unexpected] one that
// wraps err. Nil stays nil.
func AsFailure(err error) *Failure {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Code: Unexpected, Err: err}
}

// CodeOf returns the code of err: "" for nil, [Cancelled] for any error that
// wraps [context.Canceled], otherwise the code of [AsFailure].
func CodeOf(err error) Code {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.Canceled):
		return Cancelled
	}
	return AsFailure(err).Code
}

// Words are what a person is told of a failure.
type Words struct {
	Title    string `json:"title"`
	Sentence string `json:"sentence"`
	// Action names the one next step; the window has a button for each name.
	Action string `json:"action"`
}

//go:embed failures.json
var failuresJSON []byte

var words = func() map[Code]Words {
	var m map[Code]Words
	if err := json.Unmarshal(failuresJSON, &m); err != nil {
		panic(fmt.Sprintf("failures.json: %v", err))
	}
	return m
}()

// Words returns what to tell a person, the detail filled in. A code without
// words is a fault of the program and speaks as [Unexpected].
func (f *Failure) Words() Words {
	w, ok := words[f.Code]
	if !ok {
		w = words[Unexpected]
	}
	w.Sentence = strings.ReplaceAll(w.Sentence, "{detail}", f.Detail)
	return w
}
