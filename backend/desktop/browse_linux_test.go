package desktop_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/desktop"
)

const link = "http://localhost:8999/authorize?state=canary&nonce=canary~*()!"

func TestAFailedOpenerIsReportedAtOnce(t *testing.T) {
	for name, script := range map[string]string{
		"at once":     "echo canary; echo canary >&2; exit 3",
		"after 0.3 s": "sleep 0.3; exit 4",
	} {
		t.Run(name, func(t *testing.T) {
			opener(t, "xdg-open", script)
			start := time.Now()
			late := func(err error) { t.Errorf("reported twice: %v", err) }
			fails(t, backend.BrowserNotOpened, desktop.Browse(t.Context(), link, late))
			if took := time.Since(start); took > 1500*time.Millisecond {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestTheOpenerGetsTheCompleteAddress(t *testing.T) {
	folder := opener(t, "xdg-open", `printf '%s|%s' "$#" "$1" > "$0.got"`)
	if err := desktop.Browse(t.Context(), link, nil); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(folder, "xdg-open.got"))
	if err != nil || string(got) != "1|"+link {
		t.Errorf("%q, %v", got, err)
	}
}

func TestABlockingOpenerCountsAsASuccess(t *testing.T) {
	folder := opener(t, "xdg-open", `read -r _ < "$0.end"`)
	end(t, folder, "xdg-open")
	start := time.Now()
	if err := desktop.Browse(t.Context(), link, nil); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took < 2*time.Second || took > 4*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestAnOpenerThatFailsLateIsReported(t *testing.T) {
	folder := opener(t, "xdg-open", `read -r _ < "$0.end"; echo canary >&2; exit 4`)
	fail := end(t, folder, "xdg-open")
	reported := make(chan error, 2)
	if err := desktop.Browse(t.Context(), link, func(err error) { reported <- err }); err != nil {
		t.Fatal(err)
	}
	if len(reported) > 0 {
		t.Error("reported before the failure")
	}
	fail()
	fails(t, backend.BrowserNotOpened, <-reported)
}

func TestALateFailureIsNotReportedAfterTheEndOfTheWindow(t *testing.T) {
	folder := opener(t, "xdg-open", `read -r _ < "$0.end"; exit 4`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	end(t, folder, "xdg-open")
	fails(t, backend.Cancelled, desktop.Browse(ctx, link, func(err error) { t.Errorf("reported: %v", err) }))
}

func TestWaitingForAnOpenerCanBeCancelled(t *testing.T) {
	folder := opener(t, "xdg-open", `read -r _ < "$0.end"`)
	end(t, folder, "xdg-open")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	fails(t, backend.Cancelled, desktop.Browse(ctx, link, nil))
}

func TestWithoutAnOpenerBrowseFails(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("BROWSER", "/bin/true")
	fails(t, backend.BrowserNotOpened, desktop.Browse(t.Context(), link, nil))
}

func TestAnotherOpenerReplacesAMissingXdgOpen(t *testing.T) {
	opener(t, "x-www-browser", "exit 0")
	if err := desktop.Browse(t.Context(), link, nil); err != nil {
		t.Error(err)
	}
}

func TestOnlyAllowedAddressesAreOpened(t *testing.T) {
	opener(t, "xdg-open", "exit 0")
	for _, address := range []string{
		"https://login.xero.com/identity/connect/authorize?client_id=A&scope=openid%20email&state=a~b",
		"https://authorize.xero.com/", "https://developer.xero.com/app/manage", "https://go.xero.com/logout",
		"http://127.0.0.1:10742/demo", "https://localhost:1/", "http://[::1]:9/?code=x",
		"mailto:?subject=Bookring%3A%20offline&body=a%0Ab", "mailto:support@bookring.example",
	} {
		if err := desktop.Browse(t.Context(), address, nil); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}

	folder := opener(t, "xdg-open", `echo "$1" > "$0.got"`)
	for _, address := range []string{
		"", "login.xero.com", "http://login.xero.com/", "https://login.xero.com:444/", "https://login.xero.com./", "https://LOGIN.xero.com.example/",
		"https://evillogin.xero.com/", "https://login.xero.com.evil.example/", "https://evil.login.xero.com/", "https://xero.com/", "https://evilxero.com/",
		"https://api.xero.com/", "https://user@login.xero.com/", "https://example.com/#https://login.xero.com/", "https://login.xero.com\\@example.com/",
		"https://login.xero.com/\n", "https://login.xero.com/ --new-window", "https://login.xero.com/\x00", "https://login.xero.com/é",
		"https://login.xero.com/" + strings.Repeat("a", 9000), "https://login.xero.com/`id`", `https://login.xero.com/"`, "https://login.xero.com/<b>",
		"file:///etc/passwd", "smb://localhost/share", "ms-settings:privacy", "javascript:alert(1)", "data:text/html,x", "ftp://localhost/",
		"--help", "/etc/passwd", "mailto:a@example.com%0D%0ABcc:b@example.com", "mailto:a%00@example.com", "mailto:a@example.com\r\nBcc:x",
		"http://example.com/", "http://localhost.example/", "http://0.0.0.0/", "//login.xero.com/", "https:login.xero.com", "%",
	} {
		fails(t, backend.Unexpected, desktop.Browse(t.Context(), address, nil))
	}
	if got, err := os.ReadFile(filepath.Join(folder, "xdg-open.got")); err == nil {
		t.Errorf("opened %s", got)
	}
}

func fails(t *testing.T, want backend.Code, err error) {
	t.Helper()
	f := backend.AsFailure(err)
	if f == nil || f.Code != want {
		t.Fatalf("failed with %v, want %s", err, want)
	}
	if text := fmt.Sprintf("%v %+v", f, f.Words()); strings.Contains(text, "canary") || strings.Contains(text, "localhost") {
		t.Errorf("%s holds the address", text)
	}
}

// opener sets PATH to a new folder with a script and the script's tools, and
// returns the folder.
func opener(t *testing.T, name, script string) string {
	t.Helper()
	folder := t.TempDir()
	for tool, target := range map[string]string{"sleep": "/bin/sleep"} {
		if err := os.Symlink(target, filepath.Join(folder, tool)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
	return folder
}

// end creates the pipe NAME.end and writes to the pipe on a call of now, and after the
// test, so that a script reading from the pipe ends.
func end(t *testing.T, folder, name string) (now func()) {
	t.Helper()
	pipe := filepath.Join(folder, name+".end")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	open, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	now = func() { _, _ = open.WriteString("end\n") }
	t.Cleanup(func() {
		now()
		_ = open.Close()
	})
	return now
}

// A mail program takes an unescaped & or ? as another header, and a shell more.
func TestAFailuresCodeCannotAddAHeaderToTheMail(t *testing.T) {
	for _, code := range []string{
		"offline&cc=x@example.com&attach=/etc/passwd", "a?bcc=x", "a\r\nBcc: x@example.com", "]]>$(id)", "`id`; rm -rf ~", "%0D%0ABcc:x",
		"\u202eb\u0085c", "\"<b>'", "--attach=/etc/passwd",
	} {
		folder := opener(t, "xdg-open", `printf '%s' "$#|$1" > "$0.got"`)
		if err := desktop.MailSupport(t.Context(), "1", code); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(folder, "xdg-open.got"))
		if err != nil {
			t.Fatal(err)
		}
		address, single := strings.CutPrefix(string(got), "1|mailto:?")
		fields, err := url.ParseQuery(address)
		if !single || err != nil || len(fields) != 2 || len(fields["subject"]) != 1 || len(fields["body"]) != 1 {
			t.Errorf("%q becomes %q, %v", code, got, err)
		}
		if strings.ContainsAny(fields.Get("subject"), "\r\n") || !regexp.MustCompile(`^[A-Za-z0-9%._~&=-]+$`).MatchString(address) {
			t.Errorf("%q becomes %q", code, got)
		}
	}
}
