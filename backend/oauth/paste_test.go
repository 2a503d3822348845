package oauth_test

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

// pasteForms are the forms in which users copy an address; the argument is the
// address of the callback.
var pasteForms = map[string]func(address string) string{
	"as it is":         func(a string) string { return a },
	"https":            func(a string) string { return strings.Replace(a, "http:", "https:", 1) },
	"no scheme":        func(a string) string { return strings.TrimPrefix(a, "http://") },
	"two slashes":      func(a string) string { return strings.TrimPrefix(a, "http:") },
	"capitals":         func(a string) string { return strings.Replace(a, "http://localhost", "HTTP://LocalHost", 1) },
	"the number":       func(a string) string { return strings.Replace(a, "localhost", "127.0.0.1", 1) },
	"the IPv6 number":  func(a string) string { return strings.Replace(a, "localhost", "[::1]", 1) },
	"a trailing dot":   func(a string) string { return strings.Replace(a, "localhost", "localhost.", 1) },
	"no port":          func(a string) string { return a[:len("http://localhost")] + a[strings.Index(a, "/callback"):] },
	"a slash more":     func(a string) string { return strings.Replace(a, "/callback", "/callback/", 1) },
	"view-source":      func(a string) string { return "view-source:" + a },
	"only the path":    func(a string) string { return a[strings.Index(a, "/callback"):] },
	"only the query":   func(a string) string { return a[strings.Index(a, "?"):] },
	"only parameters":  func(a string) string { return a[strings.Index(a, "?")+1:] },
	"a request line":   func(a string) string { return "GET " + a[strings.Index(a, "/callback"):] + " HTTP/1.1" },
	"a hash":           func(a string) string { return a + "#" },
	"a fragment":       func(a string) string { return a + "#_=_" },
	"a text fragment":  func(a string) string { return a + "#:~:text=a&code=b" },
	"an ampersand":     func(a string) string { return a + "&" },
	"both":             func(a string) string { return a + "&#" },
	"a helper's":       func(a string) string { return a + "&utm&x=1&x=2" },
	"straight quotes":  func(a string) string { return `"` + a + `"` },
	"single quotes":    func(a string) string { return "'" + a + "'" },
	"curly quotes":     func(a string) string { return "“" + a + "”" },
	"low quotes":       func(a string) string { return "„" + a + "“" },
	"French quotes":    func(a string) string { return "« " + a + " »" },
	"code quotes":      func(a string) string { return "`" + a + "`" },
	"angle brackets":   func(a string) string { return "<" + a + ">" },
	"URL brackets":     func(a string) string { return "<URL:" + a + ">" },
	"brackets":         func(a string) string { return "(" + a + ")" },
	"square brackets":  func(a string) string { return "[" + a + "]" },
	"Markdown":         func(a string) string { return "[this page](" + a + ")" },
	"Markdown in bold": func(a string) string { return "**" + a + "**" },
	"a link of HTML": func(a string) string {
		return `<a href="` + html.EscapeString(a) + `">` + html.EscapeString(a) + "</a>"
	},
	"HTML escapes":      html.EscapeString,
	"double escapes":    func(a string) string { return html.EscapeString(html.EscapeString(a)) },
	"number escapes":    func(a string) string { return strings.ReplaceAll(a, "&", "&#38;") },
	"hex escapes":       func(a string) string { return strings.ReplaceAll(a, "&", "&#x26;") },
	"capital escapes":   func(a string) string { return strings.ReplaceAll(a, "&", "&AMP;") },
	"JSON escapes":      func(a string) string { return strings.ReplaceAll(a, "&", `\u0026`) },
	"shell escapes":     func(a string) string { return strings.NewReplacer("&", `\&`, "?", `\?`, "=", `\=`).Replace(a) },
	"a wrapped address": func(a string) string { return "https://safe.example/?url=" + url.QueryEscape(a) + "&data=x&reserved=0" },
	"a full stop":       func(a string) string { return a + "." },
	"a comma":           func(a string) string { return a + ", " },
	"a semicolon":       func(a string) string { return a + ";" },
	"an exclamation":    func(a string) string { return a + "!" },
	"a question mark":   func(a string) string { return "Is it " + a + "?" },
	"an ellipsis":       func(a string) string { return a + "…" },
	"words before":      func(a string) string { return "The page says: " + a },
	"words after":       func(a string) string { return a + " does not load" },
	"words around":      func(a string) string { return "I was sent to " + a + " and it does not load." },
	"a question before": func(a string) string { return "Is this right? " + a },
	"words around, in lines": func(a string) string {
		return "Hello,\n\nwhat is this?\n" + a + "\n\nKind regards,\nJo\n"
	},
	"words in the next line": func(a string) string { return "It says:\r\n" + a + "\r\nThis site can’t be reached\r\n" },
	"a browser's error": func(a string) string {
		return "This site can’t be reached\nlocalhost refused to connect.\n\n" + a + "\n"
	},
	"another language":       func(a string) string { return "地址：" + a + "。" },
	"another address before": func(a string) string { return "https://example.com/?a=b&c=d then " + a },
	"another address after":  func(a string) string { return a + " or https://example.com/?state=x&code=y" },
	"the link before":        func(a string) string { return "https://login.xero.com/?response_type=code&state=x\n\n" + a },
	"spaces around":          func(a string) string { return " \t" + a + " \n" },
	"a byte order mark":      func(a string) string { return "\ufeff" + a },
	"direction marks":        func(a string) string { return "\u200e\u202a" + a + "\u202c" },
	"a hard space":           func(a string) string { return "\u00a0" + a + "\u00a0" },
	"zero-width spaces":      func(a string) string { return strings.ReplaceAll(a, "&", "\u200b&") },
	"soft hyphens":           func(a string) string { return a[:40] + "\u00ad" + a[40:] },
	"a line break":           func(a string) string { return a[:len(a)/2] + "\n" + a[len(a)/2:] },
	"a Windows line break":   func(a string) string { return a[:len(a)/2] + "\r\n  " + a[len(a)/2:] + "\r\n" },
	"a line separator":       func(a string) string { return a[:len(a)/2] + "\u2028" + a[len(a)/2:] },
	"broken at 40":           func(a string) string { return broken(a, 40, "\n") },
	"broken at 20, indented": func(a string) string { return broken(a, 20, "\n\t") },
	"broken into spaces":     func(a string) string { return broken(a, 60, " ") },
	"broken in a reply":      func(a string) string { return "> " + broken(a, 60, "\n> ") },
	"broken, in brackets":    func(a string) string { return "<" + broken(a, 60, "\r\n") + ">" },
	"broken, words around":   func(a string) string { return "I was sent to\n" + broken(a, 60, "\n") + "\nand it does not load.\n" },
	"broken, words before":   func(a string) string { return "It is " + broken(a, 60, "\n") },
	"spaces shown":           func(a string) string { return strings.Replace(a, "?", "?scope=openid profile  email&", 1) },
	"spaces and words": func(a string) string {
		return "See " + strings.Replace(a, "?", "?scope=openid profile&", 1) + " please"
	},
}

// broken breaks a text after every n characters.
func broken(s string, n int, with string) string {
	var lines []string
	for ; len(s) > n; s = s[n:] {
		lines = append(lines, s[:n])
	}
	return strings.Join(append(lines, s), with)
}

// The order of the parameters differs between servers.
func TestPasteAcceptsEveryFormOfTheAddress(t *testing.T) {
	for name, form := range pasteForms {
		for order, query := range map[string]string{
			"state last":   "code=%[2]s&state=%[1]s",
			"state first":  "state=%[1]s&code=%[2]s",
			"escaped code": "state=%[1]s&code=%[2]s%%2F%%2B%%2F%%2B%%2F%%2B%%2F%%2B%%2F",
			"session last": "code=%[2]s&scope=openid+profile&state=%[1]s&session_state=a.b",
		} {
			if name == "broken into spaces" && order != "state last" && order != "session last" {
				continue // the end of the code is unknown
			}
			t.Run(name+", "+order, func(t *testing.T) {
				s := alone(t)
				a := s.begin()
				code, end := "C"+oauth.Random(), ""
				if order == "escaped code" {
					end = "/+/+/+/+/"
				}
				pasted := form(oauth.RedirectURI(portOf(t, a)) + "?" + fmt.Sprintf(query, param(t, a.Link(), "state"), code))
				if err := a.Paste(pasted); err != nil {
					t.Fatalf("%q: %v", pasted, err)
				}
				if got := oauth.Accepted(a); got.Code != code+end {
					t.Errorf("%q: the code is %q", pasted, got.Code)
				}
			})
		}
	}
}

func TestAPastedRefusalEndsTheSignIn(t *testing.T) {
	s := alone(t)
	a := s.begin()
	ended := s.follow(a)
	if err := a.Paste("“localhost/callback?error=access_denied&amp;state=" + param(t, a.Link(), "state") + "”."); err != nil {
		t.Fatal(err)
	}
	fails(t, (<-ended).err, backend.Refused, "")
}

// The state decides, and not the text around the state.
func TestPasteRefusesEveryTextWithoutAnAnswer(t *testing.T) {
	s := alone(t)
	a := s.begin()
	address, state := oauth.RedirectURI(portOf(t, a)), param(t, a.Link(), "state")
	for name, form := range pasteForms {
		for why, query := range map[string]string{
			"another state":   "code=x&state=" + oauth.Random(),
			"another case":    "code=x&state=" + swapCase(state),
			"a shorter state": "code=x&state=" + state[1:],
			"no code":         "state=" + state,
			"a blank code":    "code=+&state=" + state,
			"two codes":       "code=x&code=y&state=" + state,
			"two states":      "state=" + oauth.Random() + "&code=x&state=" + state,
			"code and error":  "code=x&error=access_denied&state=" + state,
			"another issuer":  "code=x&iss=https%3A%2F%2Fevil.example&state=" + state,
		} {
			if err := a.Paste(form(address + "?" + query)); backend.AsFailure(err) == nil || backend.AsFailure(err).Code != backend.PastedNotOurs {
				t.Errorf("%s, %s: %v", name, why, err)
			}
		}
	}
}

// Xero's login page holds the link, and with it the state, in a parameter. The page's other
// parameters used to end the sign-in.
func TestALoginAddressWithParametersOfItsOwnIsNoAnswer(t *testing.T) {
	s := alone(t)
	a := s.begin()
	for _, parameter := range []string{"error=session_timeout", "code=123456", "code=123456&error=x"} {
		login := "https://login.xero.com/identity/user/login?ReturnUrl=" + url.QueryEscape(a.Link()) + "&" + parameter
		if f := backend.AsFailure(a.Paste(login)); f == nil || f.Code != backend.PastedNotOurs {
			t.Errorf("%s: %v", parameter, f)
		}
	}
}

// FuzzPaste pastes texts without a valid state.
func FuzzPaste(f *testing.F) {
	for _, form := range pasteForms {
		f.Add(form("http://localhost:10742/callback?code=" + strings.Repeat("c", 43) + "&state=" + strings.Repeat("s", 43)))
	}
	flow := flowOfFuzz(f)
	a, err := flow.Begin(f.Context(), simxero.DemoClientID)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		failure := backend.AsFailure(a.Paste(text))
		if failure == nil || failure.Code != backend.PastedNotOurs && failure.Code != backend.PastedEmpty {
			t.Fatalf("%q: %v", text, failure)
		}
	})
}
