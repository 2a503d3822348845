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

// Code names a kind of failure. The list of codes is closed: failures.json holds
// a title, a sentence and one action for each code. The window and the pages in
// the browser read failures.json.
type Code string

// The codes, by subject.
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
	CancelledWaiting   Code = "cancelled-waiting"
	CancelledLate      Code = "cancelled-late"
	Refused            Code = "refused"
	RequestRefused     Code = "request-refused"
	PastedNotOurs      Code = "pasted-not-ours"
	PastedEmpty        Code = "pasted-empty"
	Offline            Code = "offline"
	NetworkSignIn      Code = "network-sign-in"
	RefusedOnTheWay    Code = "refused-on-the-way"
	ProxyPassword      Code = "proxy-password"
	ForeignCertificate Code = "foreign-certificate"
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
	XeroPartlyRead     Code = "xero-partly-read"
	IdentityInvalid    Code = "identity-invalid"
	ClockWrong         Code = "clock-wrong"
	NoOrganisation     Code = "no-organisation"
	SignInEnded        Code = "sign-in-ended"
	KeyReturned        Code = "key-returned"
	OtherPerson        Code = "other-person"
	ScopeMissing       Code = "scope-missing"
	SignInBusy         Code = "sign-in-busy"
	RenewalUnsaved     Code = "renewal-unsaved"
	FileNotSaved       Code = "file-not-saved"
	RemovalUnderWay    Code = "removal-under-way"
	AlreadyRunning     Code = "already-running"
	DatabaseNewer      Code = "database-newer"
	DatabaseDamaged    Code = "database-damaged"
	DatabaseReadOnly   Code = "database-read-only"
	DatabaseFull       Code = "database-full"
	DatabaseBusy       Code = "database-busy"
	DatabaseFailed     Code = "database-failed"
	DataFolderFailed   Code = "data-folder-failed"
	FolderIsRoot       Code = "data-folder-root"
	FolderIsHome       Code = "data-folder-home"
	FolderIsFile       Code = "data-folder-file"
	FolderIsLink       Code = "data-folder-link"
	FolderOfAnother    Code = "data-folder-other-user"
	ListInRoot         Code = "data-folder-root-list"
	ListInHome         Code = "data-folder-home-list"
	ListBehindLink     Code = "data-folder-link-list"
	ListIsLink         Code = "data-folder-list-link"
	ListOfAnother      Code = "data-folder-other-user-list"
	Unexpected         Code = "unexpected"
)

// Failure is an error with a code for the user, a detail for the sentence, and
// the cause for the log. No field holds a secret.
type Failure struct {
	Code Code
	// Detail fills {detail} in the sentence: the occupied ports, the step that
	// was offline, the wrong claim. Detail never holds text from Xero.
	Detail string
	Err    error
	// Again is the end of the limit, for [XeroRateLimit]; otherwise zero.
	Again time.Time
	// OneOrganisation reports that the limit belongs to the organisation in the
	// request, not to the whole Xero app.
	OneOrganisation bool
	// Slow reports a call without an answer in time, for [Offline]: other calls may be
	// answered.
	Slow bool
}

// Fail returns a Failure with a code, a detail (may be empty) and a cause (may
// be nil).
func Fail(code Code, detail string, err error) *Failure {
	return &Failure{Code: code, Detail: detail, Err: err}
}

// Error returns the code, the detail and the cause, for the log.
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

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// AsFailure returns the first Failure in err's chain, or a new Failure with the
// code [Unexpected] and the cause err. AsFailure(nil) is nil.
func AsFailure(err error) *Failure {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Code: Unexpected, Err: err}
}

// Cause returns the text of the error behind the failure, for the log, or "". The
// text holds no secret.
func (f *Failure) Cause() string {
	if f.Err == nil {
		return ""
	}
	return f.Err.Error()
}

// CodeOf returns the code of err: "" for nil, the code of a Failure in err's chain,
// otherwise [Cancelled] for a wrapped [context.Canceled], otherwise [Unexpected].
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	f := AsFailure(err)
	if f.Code == Unexpected && errors.Is(err, context.Canceled) {
		return Cancelled
	}
	return f.Code
}

// Words are the texts of a failure.
type Words struct {
	Title    string `json:"title"`
	Sentence string `json:"sentence"`
	// Action names the next step. The window has a button for each action.
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

// Words returns the texts with the detail filled in. A code without texts is a
// programming error and gets the texts of [Unexpected].
func (f *Failure) Words() Words {
	w, ok := words[f.Code]
	if !ok {
		w = words[Unexpected]
	}
	w.Sentence = strings.ReplaceAll(w.Sentence, "{detail}", f.Detail)
	return w
}
