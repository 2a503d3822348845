package desktop_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"bookring/backend/desktop"
)

// canaries are secrets of each kind, with the surrounding text.
var canaries = map[string]string{
	"a JSON Web Token":      "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjIn0.c2ln",
	"a refresh token":       "Canary_Canary-Canary_Canary-Canary_Canary-0",
	"a hexadecimal code":    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
	"base64 with its end":   "Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5Q2FuYXI=",
	"an e-mail address":     "canary.c@client.example",
	"an escaped address":    "canary%40client.example",
	"a code in a query":     "code=Canary",
	"a state in a query":    "state=Canary",
	"an escaped query":      "code%3DCanary",
	"a code in a Go value":  fmt.Sprint(url.Values{"code": {"Canary"}}),
	"a token in a form":     "refresh_token=Canary",
	"a token in JSON":       `{"refresh_token":"Canary"}`,
	"a token in JSON twice": `{\"refresh_token\": \"Canary\"}`,
	"a code in JSON":        `"code" : "Canary"`,
	"a header":              "Authorization: Bearer Canary",
	"a password":            "https://user:Canary@proxy.example/",
}

func secretOf(canary string) string {
	if strings.Contains(canary, "Canary") && len(canary) < 43 || strings.Contains(canary, "://") {
		return "Canary"
	}
	return canary
}

func TestOrdinaryWordsAreNotRedacted(t *testing.T) {
	for _, s := range []string{
		"exit status 3", "status code: 503", "port 10742 in use", "open /home/anna/.local/share/bookring/bookring.db: permission denied",
		"fe79f7dd-b6d4-4a92-ba7b-538af6289c58", "code-refused", "the state of the list", "",
	} {
		if got := desktop.Redact(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func FuzzRedact(f *testing.F) {
	for _, canary := range canaries {
		for _, around := range []string{"", " ", "x", "code=", `"`, "@", "eyJ", "%", "&", "\n", "\xff", "refresh_token ", "bearer "} {
			f.Add(around, around)
		}
		f.Add(canary, canary)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		for name, canary := range canaries {
			secret := secretOf(canary)
			if strings.Contains(before, secret) || strings.Contains(after, secret) {
				continue
			}
			if got := desktop.Redact(before + canary + after); strings.Contains(got, secret) {
				t.Errorf("%s between %q and %q: %q", name, before, after, got)
			}
		}
	})
}
