package backend

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Say holds the texts of sentences.json: all texts that Go code shows to the
// user, apart from failures.json and the help in a terminal. Callers write the full name, for example
// backend.Say.Page.NotFound, to make each use of a text easy to find.
var Say = func() (s sentences) {
	if err := json.Unmarshal(sentencesJSON, &s); err != nil {
		panic(fmt.Sprintf("sentences.json: %v", err))
	}
	return s
}()

//go:embed sentences.json
var sentencesJSON []byte

// Sentence is a text with blanks in braces, such as {name}.
type Sentence string

var blank = regexp.MustCompile(`\{[a-z]+\}`)

// Pieces returns the texts before, between and after the blanks.
func (s Sentence) Pieces() []string { return blank.Split(string(s), -1) }

// With returns the sentence with values in place of the blanks, in order. With
// panics if there are fewer values than blanks.
func (s Sentence) With(values ...string) string {
	var b strings.Builder
	pieces := s.Pieces()
	for i, value := range values[:len(pieces)-1] {
		b.WriteString(pieces[i])
		b.WriteString(value)
	}
	b.WriteString(pieces[len(pieces)-1])
	return b.String()
}

// Counted is a text about a number of things, with the blank {count} in Many.
type Counted[T ~string] struct{ One, Many T }

// Of returns the text about n things.
func (c Counted[T]) Of(n int) T {
	if n == 1 {
		return c.One
	}
	return T(strings.ReplaceAll(string(c.Many), "{count}", strconv.Itoa(n)))
}

// Notice is the title and the sentence of a page. Sentence may be empty.
type Notice struct{ Title, Sentence string }

type sentences struct {
	// Name replaces a missing name.
	Name struct {
		Missing string
		User    Sentence
	}
	// Doing completes "while Bookring ..." in the sentence of a failure.
	Doing struct {
		AskedForAccess, AskedProxy, CheckedIdentity, Disconnected, FoundTestServer string
		ReadConnections, ReadOrganisation, Renewed, Revoked                        string
	}
	// Part is the detail of XeroPartlyRead.
	Part struct{ Odd, Cut, OddAndCut Sentence }
	// Again completes "Try again ..." for XeroRateLimit.
	Again struct {
		InMinutes      Counted[string]
		At, AtTomorrow Sentence
		Tomorrow       string
	}
	// Identity names the invalid part of an identity token, for IdentityInvalid.
	Identity struct {
		Missing, Form, Key, Signature, Issuer, Audience string
		AuthorisedParty, Nonce, Subject, AccessToken    string
		Expiry, IssuedAt                                string
	}
	// Clock is the detail of ClockWrong.
	Clock struct {
		Certificate          string
		Minutes, Hours, Days Sentence
	}
	// Keychain is the detail of KeychainFailed.
	Keychain struct {
		Malformed, Unknown                          string
		MacOS, Windows                              Sentence
		IncompleteKey, NoRefreshToken, NotUnchanged string
	}
	// Reminder is the notice on the desktop before a sign-in expires, Reminders the notice
	// about several. The only blanks are numbers: some systems interpret the text of a notice.
	Reminder struct {
		EndsIn                        Counted[string]
		EndsToday, MayHaveEnded, Text string
	}
	Reminders struct {
		EndIn                  Counted[Sentence]
		EndToday, MayHaveEnded Sentence
		Text                   string
	}
	// Calendar is an entry of the calendar file.
	Calendar struct {
		Summary     Sentence
		Description string
	}
	// CalendarFile is the dialog that saves the calendar file.
	CalendarFile struct{ Title, Kind string }
	// Mail is the message to the practice's technical support; Place completes the
	// sentence of PageNotOpened.
	Mail struct {
		Subject, Body Sentence
		Place         string
	}
	// Page is the page in the browser after Xero's consent page.
	Page struct {
		BadRequest, NotOurs, Forbidden, NotFound, Method Notice
		Finished, Over, TooLarge, Unexpected, Reading    Notice

		Connected, ConnectedAgain, ConnectedAlready, ConnectedMany Sentence
		ConnectedManyAlready, ConnectedNone, Tab                   string
		Total                                                      Counted[string]

		NoteAdded, NoteBack, NoteKnown, NoteOther, List, Part string
		More                                                  Sentence

		Previous, NotAsked Sentence
		NotAskedTab        string
		Carried            Counted[string]
		Waiting            Counted[Sentence]
		Unchanged          Sentence

		Another, TryAgain                          string
		AgainAs, Until, Quote                      Sentence
		Close, OrClose, GoBack, OrGoBack, NoSecret string
		Pending                                    string
	}
}
