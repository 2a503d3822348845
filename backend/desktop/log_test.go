package desktop_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/desktop"
)

// canaries are a secret of each kind, and the texts that give it away.
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

func TestNoSecretReachesTheLog(t *testing.T) {
	for name, canary := range canaries {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			log := openLog(t, folder)
			log.Info(canary)
			log.Info("message "+canary, "error", errors.New(canary))
			log.With("error", canary).Warn("x", "step", "a "+canary+" b")
			log.WithGroup("g").Info("x", "step", canary, slog.Group("h", "step", canary, "unknown", canary))
			log.Error("x", "error", backend.Fail(backend.Offline, canary, errors.New(canary)), "unknown", canary)
			log.Info("x", "code", struct{ Text string }{canary}, "error", []string{canary}, "status", map[string]string{"k": canary})
			log.Info("x", "error", backend.NewSecret(canary), "step", strings.Repeat("y ", 490)+canary)
			written := read(t, folder)
			if strings.Contains(written, secretOf(canary)) || strings.Count(written, "\n") != 7 {
				t.Errorf("the log says %s", written)
			}
		})
	}
}

func TestWhatIsKnownIsLoggedAsItIs(t *testing.T) {
	folder := t.TempDir()
	var missing *backend.Failure
	openLog(t, folder).Warn("sign-in ended", "code", backend.Offline, "added", 3, "took", 1500*time.Millisecond,
		"error", errors.New("dial tcp 127.0.0.1:443: connection refused"), "name", "Client Ltd", "status", missing)
	var line map[string]any
	if err := json.Unmarshal([]byte(read(t, folder)), &line); err != nil {
		t.Fatal(err)
	}
	if at, ok := line["time"].(string); !ok || !strings.HasSuffix(at, "Z") {
		t.Errorf("time %v is not UTC", line["time"])
	}
	delete(line, "time")
	got := fmt.Sprint(line)
	want := fmt.Sprint(map[string]any{
		"level": "WARN", "msg": "sign-in ended", "code": "offline", "added": 3, "took": "1.5s",
		"error": "dial tcp 127.0.0.1:443: connection refused", "dropped": "an unknown key", "status": "<nil>",
	})
	if got != want {
		t.Errorf("logged %s, want %s", got, want)
	}
}

func TestALongValueIsCut(t *testing.T) {
	folder := t.TempDir()
	openLog(t, folder).Info(strings.Repeat("é ", 5_000))
	if n := len(read(t, folder)); n > 1200 {
		t.Errorf("a line of %d bytes", n)
	}
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

func TestTheLogIsForThisUserOnly(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "bookring.log")
	if err := os.WriteFile(path, []byte("earlier\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	openLog(t, folder).Info("later")
	private(t, path, 0o600)
	if written := read(t, folder); !strings.HasPrefix(written, "earlier\n{") {
		t.Errorf("the log says %s", written)
	}
}

func TestWithoutAFolderThereIsNoLog(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "missing")
	_, _, err := desktop.OpenLog(folder)
	if f := backend.AsFailure(err); f == nil || f.Code != backend.DataFolderFailed || f.Detail != folder {
		t.Errorf("%v", f)
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

func openLog(t *testing.T, folder string) *slog.Logger {
	t.Helper()
	log, file, err := desktop.OpenLog(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return log
}

func read(t *testing.T, folder string) string {
	t.Helper()
	written, err := os.ReadFile(filepath.Join(folder, "bookring.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}
